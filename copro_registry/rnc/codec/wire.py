"""What a format of documents does: its nodes are made, found and read alike."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from ..contract import Profile, Service
from ..contract.forms import Form
from ..contract.path import Path, Step
from .outline import Tree


@dataclass(frozen=True)
class Document:
    """The root of an answer, or a SOAP fault."""

    root: Any
    is_fault: bool = False


class Wire(ABC):
    """A format. A node is what it makes of one: an element, an object, a scalar."""

    def __init__(self, profile: Profile):
        self.profile = profile

    @abstractmethod
    def new(self, service: Service) -> Any:
        """The root of a request, with its attributes."""

    @abstractmethod
    def node(self, at: Any, steps: tuple[Step, ...]) -> Any:
        """The node at the end of these steps, made where it is missing."""

    @abstractmethod
    def put(self, at: Any, steps: tuple[Step, ...], value: Any) -> None:
        """Write a scalar; None is written as no value."""

    @abstractmethod
    def member(self, at: Any, where: Path, members: Path) -> tuple[Any, tuple[Step, ...]]:
        """A new member of a list, and the steps from it to its value."""

    @abstractmethod
    def put_members(self, at: Any, where: Path, members: Path, values: list) -> None:
        """Write a list of scalars."""

    @abstractmethod
    def dump(self, root: Any, service: Service, header: list, charset: str) -> bytes:
        """The bytes of a request, once its schema accepts it. Raises Invalid."""

    @abstractmethod
    def compile(self, schema: str, definition: str = "") -> Any:
        """Compile a schema of the profile. Raises ProfileError."""

    @abstractmethod
    def tree(self, body: bytes) -> Tree:
        """Any document of the format, below its root. Raises Unreadable."""

    @abstractmethod
    def parse(self, body: bytes, form: Form, schema: str) -> Document:
        """An answer that the schema, if there is one, accepts. Raises Unreadable."""

    @abstractmethod
    def find_all(self, at: Any, where: Path, is_fault: bool = False) -> list:
        """The nodes at a path."""

    def find(self, at: Any, where: Path, is_fault: bool = False) -> Any:
        """The first node at a path, or None."""
        return next(iter(self.find_all(at, where, is_fault)), None)

    @abstractmethod
    def text(self, at: Any) -> str | None:
        """The text of a node; None of one that holds others, or is null."""

    @abstractmethod
    def scalar(self, at: Any) -> Any:
        """The scalar of a node. Raises ValueError when others stand below it."""

    def is_null(self, at: Any, where: Path) -> bool:
        """Whether null stands at a path, which may be a code like any other."""
        return False

    def errors(self, at: Any, where: Path, is_fault: bool = False) -> list[tuple[str, Any]]:
        """[(name, node)] of the refusals at a path."""
        return [(self.name(one), one) for one in self.find_all(at, where, is_fault)]

    def name(self, at: Any) -> str:
        return ""

    @abstractmethod
    def members(self, at: Any, where: Path, members: Path) -> list | None:
        """The members of a list; None where there is no list."""

    def below_member(self, members: Path) -> Path:
        """From a member of a list to its value."""
        return members
