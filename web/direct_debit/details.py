"""What a 届出書 says: the bank account, its holder, the address; sealed wherever it is stored."""

from dataclasses import asdict, dataclass, fields

from web.fields.digits import SHOWN
from web.security.vault import Vault

PURPOSE = "direct debit"
DEPOSITS = {"ordinary": "普通", "current": "当座", "tax": "納税準備"}
YUCHO = "9900"


@dataclass(frozen=True, slots=True)
class Details:
    """A bank account and whose it is, as on the day the 届出書 was made."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    deposit: str
    number: str
    holder_kana: str
    holder: str
    symbol: str = ""  # ゆうちょ銀行: 記号 and 番号 as in the passbook
    passbook_number: str = ""
    postal_code: str = ""
    address: str = ""
    building: str = ""
    phone: str = ""

    @property
    def last_digits(self) -> str:
        """Give the end of the account number, by which its owner knows it."""
        return self.number[-SHOWN:]

    def seal(self, vault: Vault, row_id: str) -> bytes:
        """Seal the details into the row of a table."""
        return vault.seal(PURPOSE, asdict(self), bound_to=row_id)


def opened(vault: Vault, row_id: str, sealed: bytes) -> Details:
    """Open the details of a row. Raises NotSealedHere."""
    content = vault.open(PURPOSE, sealed, bound_to=row_id)
    return Details(**{field.name: content[field.name] for field in fields(Details)})
