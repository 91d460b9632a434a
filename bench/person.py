"""A person at the screen: what a form's buttons call, over JSON-RPC."""

import json
import urllib.error
import urllib.request

# The field that says why a database does not send, and the button that says that it does.
COPY, CONFIRM = "copy_message", "action_confirm_sender"
PATIENCE = 30  # seconds: more than a click may take


class Refused(Exception):
    """The server says no, or does not answer; the message is its own."""


class Person:
    """Whoever has this login; logs in at each call, as the server may have been restarted."""

    def __init__(self, url: str, database: str, login: str, password: str):
        self.url = f"{url}/jsonrpc"
        self.database, self.login, self.password = database, login, password

    def call(self, model: str, method: str, *arguments, **names):
        """Raises Refused."""
        user = self._ask("common", "login", self.database, self.login, self.password)
        if not user:
            raise Refused("unknown login")
        who = (self.database, user, self.password)
        return self._ask("object", "execute_kw", *who, model, method, arguments, names)

    def _ask(self, service: str, method: str, *arguments):
        params = {"service": service, "method": method, "args": arguments}
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(
            self.url, data=body, headers={"Content-Type": "application/json"}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE) as answer:
                told = json.load(answer)
        except (OSError, ValueError) as error:
            raise Refused(str(error)) from error
        if "error" in told:
            raise Refused(told["error"].get("data", {}).get("message") or str(told["error"]))
        return told.get("result")


class Administrator(Person):
    """The main administrator, who puts right what they are asked to."""

    ACCOUNT = "copro.declarant.account"

    def repair(self) -> bool:
        """Do what the technical parameters ask for; whether the registry then answers.

        Raises Refused.
        """
        accounts = self.call(self.ACCOUNT, "search", [])
        for account in accounts:
            self._confirm(account)
        proven = [self._test(account) for account in accounts]
        return all(proven)

    def _confirm(self, account: int) -> None:
        """Say that this database is the one that sends, where that is asked."""
        if self.call(self.ACCOUNT, "read", [account], [COPY])[0][COPY]:
            self.call(self.ACCOUNT, CONFIRM, [account])

    def _test(self, account: int) -> bool:
        sheet = self.call(self.ACCOUNT, "action_test_connection", [account])
        model, shown = sheet["res_model"], sheet["res_id"]
        return self.call(model, "read", [shown], ["is_proven"])[0]["is_proven"]
