"""The (確認用) field: the same thing once more."""

from web.fields.field import Answer


def same_again(first: Answer, again: Answer) -> Answer:
    """Judge the second typing against the first, as registered; scold at one field only."""
    if first.error:
        return again.field.blank(again.typed)
    if again.error or first.value == again.value:
        return again
    noun = first.field.noun
    if not first.value:
        return again.refused(
            f"{noun}が空です。両方に同じものを入力するか、両方とも空にしてください。"
        )
    return again.refused(f"{noun}と(確認用)が一致しません。同じものをもう一度入力してください。")
