"""Which changes of the code does no test notice? `make mutation WHAT=factors`, docs/mutation.md."""
