#!/usr/bin/env python3
"""usage: run.py READER... runs a program over the vectors; see README.md beside the files.

READER is called with a key file and a file that holds the passphrase. It prints the public
key as one line, or ends with another code than 0.
"""
import json
import os
import subprocess
import sys
import tempfile

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
failed = 0
with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as f:
    vectors = json.load(f)
for v in vectors:
    with tempfile.NamedTemporaryFile() as passphrase:
        passphrase.write(bytes.fromhex(v.get("passphrase", "")))
        passphrase.flush()
        path = os.path.join(folder, "files", *v["file"].split("/"))
        try:
            done = subprocess.run([*sys.argv[1:], path, passphrase.name], capture_output=True, timeout=60)
            public = " ".join(done.stdout.decode().split()[:2]) if done.returncode == 0 else None
        except subprocess.TimeoutExpired:
            public = "it did not end"
    right = public == v.get("public") if public else v["verdict"] != "must-read"
    if not right:
        failed += 1
        print(f"{v['file']}: {v['verdict']}, but: {public or 'refused'}. {v['property']}")
print(f"{len(vectors)} vectors, {failed} failed")
sys.exit(failed > 0)
