"""What the running application is made of, and the unit of work in which everything is written."""

from web.services.services import Services, Work

__all__ = ["Services", "Work"]
