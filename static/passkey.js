// Passkeys. The page carries a request; the browser's answer goes into a field of the form, which is then sent like any
// other. Nothing is sent before there is a whole answer. The ID field offers passkeys for as long as it is shown.
{
  const CANCELLED = "パスキーの操作が取り消されたか、時間が過ぎました。";
  const KNOWN = "この端末のパスキーは、すでに登録されています。";
  const UNUSABLE = "このブラウザーでは、パスキーを使えませんでした。";
  const ANSWERED = "パスキーで確認しました。続けて、行う操作のボタンを押してください。";
  const WAIT = 300_000; // milliseconds
  const LATEST = 0.75; // of its life, after which a challenge is renewed

  const decoded = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
  const encoded = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer ?? [])))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  const described = (known) =>
    known.map(({ id, transports }) => ({ type: "public-key", id: decoded(id), transports }));

  const place = () => document.querySelector("[data-passkey]");
  const say = (words) => {
    const status = document.getElementById("credential-status");
    if (status) status.textContent = words;
  };

  // What the page asks for, as the browser takes it.
  const toUse = ({ challenge, rpId, allow }) => ({
    challenge: decoded(challenge),
    rpId,
    allowCredentials: described(allow),
    userVerification: "required",
    timeout: WAIT,
  });
  const toMake = ({ challenge, rp, user, algorithms, known }) => ({
    challenge: decoded(challenge),
    rp,
    user: { id: decoded(user.id), name: user.name, displayName: user.name },
    pubKeyCredParams: algorithms.map((alg) => ({ type: "public-key", alg })),
    excludeCredentials: described(known),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    attestation: "none",
    timeout: WAIT,
  });

  // What it answers, part by part: toJSON() is not everywhere, and not everywhere right.
  const answer = ({ rawId, response }) =>
    response.attestationObject
      ? {
          id: encoded(rawId),
          client: encoded(response.clientDataJSON),
          made: encoded(response.attestationObject),
          transports: (response.getTransports?.() ?? []).join(),
        }
      : {
          id: encoded(rawId),
          client: encoded(response.clientDataJSON),
          data: encoded(response.authenticatorData),
          signature: encoded(response.signature),
          user: encoded(response.userHandle),
        };

  let request; // the browser has one at a time
  let waits = false; // whether it is the one behind the ID field
  let wanted; // what the page asks for; kept here, so that a swap changes nothing of a request under way
  let renewal;

  const ask = (mediation) => {
    request?.abort();
    request = new AbortController();
    const { signal } = request;
    return wanted.rp
      ? navigator.credentials.create({ publicKey: toMake(wanted), signal })
      : navigator.credentials.get({ publicKey: toUse(wanted), mediation, signal });
  };

  const send = (credential) => {
    const here = place();
    if (!here) return;
    here.querySelector("[name=credential]").value = JSON.stringify(answer(credential));
    const form = here.closest("form");
    if (form.querySelectorAll("button[type=submit]").length > 1) return say(ANSWERED);
    form.requestSubmit();
  };

  const offer = async () => {
    if (!place()?.hasAttribute("data-waits")) return;
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    waits = true;
    const asked = ask("conditional");
    const mine = request;
    try {
      send(await asked);
    } catch {
      // given up for another request, or taken away by the browser: the button is still there
    } finally {
      if (request === mine) waits = false;
    }
  };

  const press = async () => {
    say("");
    waits = false;
    const asked = ask();
    const mine = request;
    try {
      send(await asked);
    } catch (error) {
      if (request !== mine) return; // another press has taken its place
      say({ NotAllowedError: CANCELLED, AbortError: CANCELLED, InvalidStateError: KNOWN }[error.name] ?? UNUSABLE);
      offer();
    }
  };

  // A page that stays open gets another challenge in time.
  const renew = async () => {
    try {
      const sent = await fetch(wanted.renew, { method: "POST", body: new URLSearchParams({ challenge: wanted.challenge }) });
      if (!sent.ok) return;
      wanted = { ...wanted, ...(await sent.json()) };
    } catch {
      return; // no answer: an old challenge is refused, and the page then brings another one
    }
    plan();
    if (waits) offer(); // what a press has asked for goes on
  };
  const plan = () => {
    clearTimeout(renewal);
    renewal = setTimeout(renew, wanted.seconds * LATEST * 1000);
  };

  const begin = () => {
    const here = place();
    if (!here || !window.PublicKeyCredential) return;
    const part = here.querySelector("[data-part]");
    part.innerHTML = part.dataset.part;
    here.querySelector("[data-without]")?.remove();
    // The same page again, with its messages: what waits behind the ID field goes on waiting.
    if (waits && here.hasAttribute("data-waits")) return;
    wanted = JSON.parse(here.dataset.passkey);
    plan();
    offer();
  };

  document.addEventListener("click", ({ target }) => {
    if (target.id === "credential") press();
  });
  document.addEventListener("htmx:after:swap", () => {
    const here = place();
    if (here && !here.querySelector("[data-part]").firstChild) begin();
    if (here) return;
    request?.abort();
    clearTimeout(renewal);
  });
  addEventListener("pageshow", ({ persisted }) => {
    const field = document.querySelector("[name=credential]");
    if (field) field.value = "";
    if (persisted) offer();
  });
  begin();
}
