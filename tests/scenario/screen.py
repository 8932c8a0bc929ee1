"""A terminal of so many columns, and what coordctl sends it."""
import fcntl
import os
import select
import struct
import subprocess
import termios
import unicodedata

from harness import COORDCTL, Scenario


def columns_of(text):
    return sum(0 if unicodedata.combining(letter) else 1 for letter in text)


class Screen(Scenario):
    def screen(self, *words, columns=90, context=None, **environment):
        """What a terminal of so many columns is sent, on standard output and standard error."""
        controller, terminal = os.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
        run = subprocess.Popen([COORDCTL, *words], stdout=terminal, stderr=terminal, stdin=subprocess.DEVNULL,
                               env=dict(inherited, **{"COORD_CONTEXT": context or self.broker.admin, "TZ": "<+07>-7",
                                                  "TERM": "xterm-256color", **environment}))
        os.close(terminal)
        output = b""
        while True:
            if not select.select([controller], [], [], 60)[0]:
                run.kill()
                self.fail(f"coordctl {' '.join(words)} neither says anything nor ends")
            try:
                part = os.read(controller, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            output += part
        os.close(controller)
        run.wait(60)
        return output.decode().replace("\r\n", "\n")
