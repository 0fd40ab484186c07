"""The words of ダイレクト納付口座: what fields, kinds, procedures, states and mails are called."""

from web.direct_debit.states import Act
from web.store.direct_debit_forms import MOST_COUNTED, Action, Kind, State

FIELDS = {
    "institution": "金融機関の種類",
    "bank": "金融機関",
    "branch": "支店",
    "deposit": "預金種目",
    "number": "口座番号",
    "symbol": "記号",
    "passbook_number": "番号",
    "passbook": "通帳の記号・番号",
    "holder_kana": "口座名義(カナ)",
    "holder": "口座名義",
    "postal_code": "郵便番号",
    "address": "住所",
    "building": "建物名・部屋番号",
    "phone": "電話番号",
}
KINDS = {Kind.NATIONAL: "国庫金", Kind.LOCAL: "地方税"}
ACTIONS = {Action.NEW: "新規作成", Action.CHANGE: "情報変更", Action.STOP: "利用中止"}
STATES = {
    State.MADE: "届出書作成済",
    State.RECEIVED: "受付",
    State.AT_BANK: "金融機関審査中",
    State.APPROVED: "承認",
    State.RETURNED: "不備返却",
    State.WITHDRAWN: "取下げ",
}
# Where a state leads, for the person who waits.
_NEXT = {
    State.MADE: "届出書を印刷し、{}までに届くように郵送してください。",
    State.RECEIVED: "届出書を受け付けました。金融機関へ送付するまで、お待ちください。",
    State.AT_BANK: "金融機関が審査しています。審査が終わるまで、1か月ほどかかります。",
    State.RETURNED: "不備の内容をご確認のうえ、届出書を再度作成してください。",
}
_PAPERS = {Action.NEW: "利用届出書", Action.CHANGE: "変更届出書", Action.STOP: "利用中止届出書"}
_APPROVED = {
    Action.NEW: ("利用開始", "ダイレクト納付口座が利用できるようになりました。"),
    Action.CHANGE: ("情報変更完了", "ダイレクト納付口座の情報を変更しました。"),
    Action.STOP: ("利用中止完了", "ダイレクト納付口座の利用を中止しました。"),
}
_MAILED = {
    Act.RECEIVE: ("届出書受付", "届出書を受け付けました。これから金融機関へ送付します。"),
    Act.SEND: (
        "金融機関審査",
        "届出書を金融機関へ送付しました。審査が終わるまで、1か月ほどかかります。",
    ),
    Act.RETURN: ("届出書返却", "届出書に不備がありました。マイページから再度作成してください。"),
    Act.WITHDRAW: ("届出書取下げ", "届出書を取り下げました。郵送の必要はありません。"),
    Act.EXPIRE: (
        "届出書取下げ",
        "{}までに届かなかったため、届出書を取り下げました。必要な場合は、再度作成してください。",
    ),
}
_DECLARED = {
    Action.NEW: "{}を利用するため、次のとおり届け出ます。記載の口座からの納付を依頼します。",
    Action.CHANGE: "届け出ている{}の内容を、次のとおり変更します。",
    Action.STOP: "届け出ている{}の利用を、次のとおり中止します。",
}
# True of the person's box and of the bank's: the one needs no seal, the other may.
SEAL = (
    "依頼者兼届出者の押印は不要です。"
    "金融機関が届出印を求める場合は、「金融機関届出印」の枠に押してください。"
)


def made(arrives_by: str) -> tuple[str, str]:
    """Give what the mail about a new 届出書 is called and says."""
    text = "届出書を作成しました。マイページから印刷し、郵送してください。"
    return "届出書作成", f"{text}{arrives_by}までに届かない場合は、取下げとなります。"


def declared(kind: Kind, action: Action) -> str:
    """Say what the person declares by the paper."""
    return _DECLARED[action].format(product(kind))


def product(kind: Kind) -> str:
    """Name an account of a kind."""
    return f"{KINDS[kind]}ダイレクト納付口座"


def same_as(kind: Kind) -> str:
    """Offer what was typed for the other kind."""
    other = Kind.LOCAL if kind is Kind.NATIONAL else Kind.NATIONAL
    return f"{KINDS[other]}と同じ口座・連絡先を使う"


def procedure(kind: Kind, action: Action) -> str:
    """Name a procedure, as the menu does."""
    return f"{product(kind)}{ACTIONS[action]}"


def paper_title(kind: Kind, action: Action) -> str:
    """Name the paper."""
    return f"{product(kind)}　{_PAPERS[action]}"


def next_step(state: State, arrives_by: str) -> str:
    """Say what comes next; `arrives_by`: the day by which a 届出書 made must arrive."""
    return _NEXT[state].format(arrives_by)


def counted(number: int) -> str:
    """Say how many there are, as far as they were counted."""
    return f"{number:,}件" + "以上" * (number == MOST_COUNTED)


def mailed(act: Act, action: Action, arrives_by: str) -> tuple[str, str]:
    """Give what the mail about a transition is called and says."""
    subject, text = _APPROVED[action] if act is Act.APPROVE else _MAILED[act]
    return subject, text.format(arrives_by)
