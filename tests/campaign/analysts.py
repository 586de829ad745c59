"""Two analysts of one office, and a program that is killed while it accepts."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.workspace import Workspace
from tests.campaign.campaign import Campaign
from tests.campaign.oracle import Sent


class Office:
    """Two analysts: on a server at the same time, on a file one after the other."""

    def __init__(self, campaign: Campaign, ana: str, luis: str) -> None:
        self.campaign, self.ana, self.luis = campaign, ana, luis
        self.server = "://" in ana

    def both(self, sent: list[Sent]) -> list[Receipt]:
        """Each receives one half of the files and accepts what is clean."""
        halves = [sent[::2], sent[1::2]]
        if not self.server:
            receipts = []
            for name, half in zip(("Luis", "Ana"), halves, strict=True):
                self._reopen(self.ana)
                self.campaign.ws.set_settings({"nombre": name})
                some = self.campaign.receive(*half)
                self.campaign.accept_clean(some)
                receipts += some
            return receipts
        with Workspace.open(self.luis, clock=self.campaign.clock) as other:
            other.set_settings({"nombre": "Luis", "cargo": ""})
            with ThreadPoolExecutor(2) as pool:
                doing = [
                    pool.submit(self._half, ws, half)
                    for ws, half in zip((self.campaign.ws, other), halves, strict=True)
                ]
                done = [each.result() for each in doing]
        for half, (receipts, taken) in zip(halves, done, strict=True):
            self.campaign.note(half, receipts, taken)
        return [receipt for receipts, _ in done for receipt in receipts]

    def _half(self, ws: Workspace, half: list[Sent]) -> tuple[list[Receipt], list[str]]:
        receipts = inbox.receive_all(ws, [self.campaign.files[each.name] for each in half])
        return receipts, [receipt.file for receipt in apply.accept_clean(ws, receipts)]

    def killed_while_accepting(self, receipts: list[Receipt], after: int) -> None:
        """Somebody accepts the clean ones and the program ends without warning; the work goes on afterwards."""
        campaign = self.campaign
        campaign.ws.close()
        spawn = multiprocessing.get_context("spawn")
        told, here = spawn.Pipe()
        worker = spawn.Process(target=_accept_slowly, args=(self.luis, here, campaign.clock.time))
        worker.start()
        for _ in range(after):
            assert told.poll(60)
            told.recv()
        worker.kill()
        worker.join()
        self._reopen(self.ana)
        states = {receipt.file: receipt for receipt in inbox.listing(campaign.ws)}
        for receipt in sorted(receipts, key=lambda r: (r.dependencia, r.vigencia, r.number)):
            if states[receipt.file].state == "aceptada":
                campaign.oracle.accept(receipt.file)
        campaign.check()
        campaign.accept_clean([states[r.file] for r in receipts if states[r.file].state == "recibida"])
        campaign.check()

    def _reopen(self, address: str) -> None:
        self.campaign.ws.close()
        self.campaign.ws = Workspace.open(address, clock=self.campaign.clock)


def _accept_slowly(address: str, told: "multiprocessing.connection.Connection", when: object) -> None:
    """What the process does that is killed: it tells each delivery before it accepts it."""
    with Workspace.open(address, clock=lambda: when) as ws:  # type: ignore[arg-type, return-value]
        apply.accept_clean(ws, inbox.listing(ws), lambda done, _all, _words: told.send(done))
        told.recv()  # to be killed here at the latest
