"""The data directory: everything that dunwatch keeps, in one folder that only its owner can read."""

import os
import secrets
import tempfile
from pathlib import Path

from filelock import FileLock

from indexer.settings import secret
from indexer.state import State, StateError

KEY_BYTES = 32
NAME_BYTES = 4
IN_USE = "sentiment"
"""The file in the folder of models that names the one in use."""


class DataDir:
    """Paths and shared things below one data directory; made, for its owner only, when first written to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.index = path / "index"
        self.warc = path / "warc"
        self.models = path / "models"

    def state(self) -> State:
        """A connection to the state file, one for each thread. Raises StateError."""
        return State(self.path)

    def indexing(self) -> FileLock:
        """The lock that the one process that analyses and writes the index holds."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FileLock(self.path / "indexing.lock", mode=0o600)

    def name(self) -> str:
        """What this data directory is called among those of other machines: made once, by chance. Raises StateError."""
        file = self.path / "name"
        try:
            if not file.exists():
                _keep(file, secrets.token_bytes(NAME_BYTES))
            return file.read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            raise StateError(f"{file}: no usable name: {error}") from error

    @property
    def sentiment(self) -> Path | None:
        """The model of sentiment that was learned here and is in use; None: the one that ships."""
        try:
            return self.models / (self.models / IN_USE).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None

    def use_sentiment(self, model: Path | None) -> None:
        """From now on use that file of `models`, or the model that ships."""
        pointer = self.models / IN_USE
        if model is None:
            pointer.unlink(missing_ok=True)
            return
        with tempfile.NamedTemporaryFile("w", dir=self.models, delete=False, encoding="ascii") as draft:
            draft.write(model.name)
        Path(draft.name).replace(pointer)

    def key(self, *, create: bool = True) -> bytes:
        """The key of all keyed hashes: the environment's DUNWATCH_KEY (or the file that DUNWATCH_KEY_FILE names), else
        secret.key, made when there is none.

        With `create` false and no key yet, a key that lasts as long as the process. Raises StateError.
        """
        if given := secret("DUNWATCH_KEY"):
            return given.encode()
        file = self.path / "secret.key"
        try:
            if file.exists():
                return bytes.fromhex(file.read_text(encoding="ascii").strip())
            key = secrets.token_bytes(KEY_BYTES)
            return _keep(file, key) if create else key
        except (OSError, ValueError) as error:
            raise StateError(f"{file}: no usable key: {error}") from error


def _keep(file: Path, key: bytes) -> bytes:
    """Write the key whole or not at all; where another process was first, its key counts."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=".key", encoding="ascii") as draft:
        draft.write(key.hex() + "\n")
        draft.flush()
        os.fsync(draft.fileno())
        try:
            os.link(draft.name, file)
        except FileExistsError:
            return bytes.fromhex(file.read_text(encoding="ascii").strip())
    return key
