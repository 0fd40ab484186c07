"""What somebody is told whose 利用者ID is 停止中, once the right password was typed."""

from web.settings import Settings


def shut_out(settings: Settings) -> str:
    """Say that the ID is shut, and whom to ask."""
    return (
        "この納付利用者IDは、現在、利用を停止しています。"
        f"お問い合わせ先（電話：{settings.contact_phone}）までご連絡ください。"
    )
