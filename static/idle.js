// The idle warning. The page counts down by itself and asks the server once before it speaks:
// another tab may have kept the log-in alive. 続ける asks again and counts as a request.
{
  const WARNING = 120; // seconds
  const place = document.querySelector(".idle");
  let dialog, timer, endsAt;

  const later = (seconds, act) => {
    clearTimeout(timer);
    timer = setTimeout(act, Math.max(0, seconds) * 1000);
  };

  const secondsLeft = async (address, method) => {
    const answer = await fetch(address, { method, headers: { Accept: "application/json" } });
    if (answer.status === 401) return 0;
    if (!answer.ok) throw new Error(answer.status);
    return (await answer.json()).seconds;
  };

  const plan = (seconds) => {
    endsAt = Date.now() + seconds * 1000;
    later(seconds - WARNING, warn);
  };

  const warn = async () => {
    const seconds = await secondsLeft(place.dataset.ask, "GET").catch(() => 0);
    if (seconds > WARNING) return plan(seconds);
    endsAt = Date.now() + seconds * 1000;
    dialog ??= await import(place.dataset.script).then((made) => made.build(place, stay), () => null);
    if (!dialog) return later(seconds, end); // no way to say it
    if (seconds > 0 && !dialog.open) dialog.showModal();
    count();
  };

  const count = () => {
    const seconds = Math.round((endsAt - Date.now()) / 1000);
    if (seconds <= 0) return end();
    document.getElementById("idle-left").textContent =
      seconds > 60 ? `${Math.floor(seconds / 60)}分${seconds % 60}秒` : `${seconds}秒`;
    later(1, count);
  };

  const stay = async () => {
    try {
      const seconds = await secondsLeft(place.dataset.stay, "POST");
      if (seconds <= 0) return end();
      dialog.close();
      plan(seconds);
    } catch {
      count(); // no answer: the dialog stays, pressing again works
    }
  };

  // Over. A form in the middle is sent, so that the server parks what was typed and leads to
  // log-in; it can do no more than that without a session. Any other page is loaded anew.
  const end = async () => {
    const seconds = await secondsLeft(place.dataset.ask, "GET").catch(() => 0);
    if (seconds > 0) return warn();
    dialog?.close();
    const button = document.querySelector('form[hx-post*="flow="] [type=submit]');
    if (button) button.click();
    else location.reload();
  };

  if (place) {
    plan(Number(place.dataset.seconds));
    // Back must not show what belongs to a log-in that may be over.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  }
}
