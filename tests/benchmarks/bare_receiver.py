"""What reading a receiver costs without Roundsman: pyserial and pynmea2, and nothing else. Run as a script."""

import contextlib
import sys

import pynmea2
import serial

with serial.Serial(sys.argv[1], 115200, timeout=0.25) as port:
    rest = b""
    while True:
        *lines, rest = (rest + port.read(port.in_waiting or 1)).split(b"\r\n")
        for line in lines:
            with contextlib.suppress(pynmea2.ParseError):  # the first line may be cut off
                pynmea2.parse(line.decode(), check=True)
