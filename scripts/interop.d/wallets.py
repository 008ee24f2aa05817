"""Hotkey files written by the official bittensor-wallet are read by Axonometer, and its own by the wallet."""

import argparse
import base64
import hashlib
import json
import os
import secrets
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import bittensor_wallet.keyfile as keyfile
from bittensor_wallet import Keypair, Wallet
from cryptography.fernet import Fernet

PASSWORD = "correct horse ö"
FERNET_SALT = b"Iguesscyborgslikemyselfhaveatendencytobeparanoidaboutourorigins"


class Exchange:
    def __init__(self, program, folder):
        self.program = program
        self.wallets = folder / "wallets"
        self.password_file = self.private(folder / "password", PASSWORD.encode())
        self.wrong_file = self.private(folder / "wrong", b"not this one")
        self.failed = 0
        self.passed = 0

    @staticmethod
    def private(path, content):
        path.write_bytes(content)
        path.chmod(0o600)
        return path

    def expect(self, what, good, detail=""):
        self.passed += good
        self.failed += not good
        print(f"  {'ok  ' if good else 'FAIL'} {what}{'' if good else ': ' + detail}")

    def ours(self, *arguments, stdin="", variables=None):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("BT_")}
        return subprocess.run(
            [self.program, "wallet", *arguments, "--wallet.path", self.wallets, "--wallet.name", "w", "--json"],
            input=stdin, capture_output=True, text=True, env=clean | (variables or {}), timeout=300)

    def check_reads(self, what, hotkey, address, *arguments, variables=None):
        """Our `wallet check` gives this address and this encryption."""
        done = self.ours("check", "--wallet.hotkey", hotkey, *arguments, variables=variables)
        read = json.loads(done.stdout) if done.returncode == 0 else {}
        self.expect(f"we read {what}", read.get("address") == address, done.stderr.strip() or str(read))

    def check_refuses(self, what, hotkey, *arguments):
        done = self.ours("check", "--wallet.hotkey", hotkey, *arguments)
        self.expect(f"we refuse {what}", done.returncode == 5 and len(done.stderr.splitlines()) == 1, f"{done.returncode} {done.stderr}")

    def theirs(self, hotkey):
        return Wallet(name="w", hotkey=hotkey, path=str(self.wallets))

    def their_files(self):
        phrase = Keypair.create_from_mnemonic(Keypair.generate_mnemonic(24))
        seed = Keypair.create_from_seed("0x" + secrets.token_hex(32))
        for name, key in {"phrase": phrase, "seed": seed}.items():
            self.theirs(name).set_hotkey(key, encrypt=False, overwrite=True)
            self.check_reads(f"a plain file of theirs ({name})", name, key.ss58_address)
        fields = json.loads(keyfile.serialized_keypair_to_keyfile_data(seed))
        alone = {name: fields[name] for name in ("privateKey", "ss58Address")}
        self.private(self.wallets / "w/hotkeys/private", json.dumps(alone).encode())
        self.expect("they read a privateKey alone", self.theirs("private").get_hotkey().ss58_address == seed.ss58_address)
        self.check_reads("a privateKey alone", "private", seed.ss58_address)
        for name, content in {
            "whole key as secretSeed": {"secretSeed": fields["privateKey"]},
            "address of another chain": fields | {"ss58Address": ss58(bytes.fromhex(fields["publicKey"][2:]), 0)},
            "public key without 0x": fields | {"publicKey": fields["publicKey"][2:]},
        }.items():
            hotkey = name.replace(" ", "-")
            self.private(self.wallets / "w/hotkeys" / hotkey, json.dumps(content).encode())
            self.expect(f"they read a {name}", self.theirs(hotkey).get_hotkey().ss58_address == seed.ss58_address)
            self.check_reads(f"a {name}", hotkey, seed.ss58_address)
        return seed

    def their_encrypted_files(self, key):
        theirs = self.theirs("nacl")
        theirs.set_hotkey(key, encrypt=True, overwrite=True, hotkey_password=PASSWORD)
        self.check_reads("their $NACL file, password in a file", "nacl", key.ss58_address, "--wallet.password-file", self.password_file)
        name = theirs.hotkey_file.env_var_name()
        value = keyfile_variable(name, PASSWORD)
        os.environ[name] = value
        self.expect("they read the password variable as we describe it", keyfile.get_password_from_environment(name) == PASSWORD)
        self.check_reads("their $NACL file, password in their variable", "nacl", key.ss58_address, variables={name: value})
        self.check_refuses("their $NACL file with a wrong password", "nacl", "--wallet.password-file", self.wrong_file)
        self.check_refuses("their $NACL file without a password", "nacl")
        plain = keyfile.serialized_keypair_to_keyfile_data(key)
        self.private(self.wallets / "w/hotkeys/vault", keyfile.legacy_encrypt_keyfile_data(plain, PASSWORD))
        self.check_reads("their Ansible vault", "vault", key.ss58_address, "--wallet.password-file", self.password_file)
        derived = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), FERNET_SALT, 10_000_000, 32)
        token = Fernet(base64.urlsafe_b64encode(derived)).encrypt(plain)
        self.private(self.wallets / "w/hotkeys/fernet", token)
        self.check_reads("a Fernet file of Python's cryptography", "fernet", key.ss58_address, "--wallet.password-file", self.password_file)

    def our_files(self):
        mnemonic = Keypair.generate_mnemonic(12)
        key = Keypair.create_from_mnemonic(mnemonic)
        for name, text, more in (("own-plain", mnemonic, []), ("own-nacl", mnemonic, ["--encrypt", "--wallet.password-file", self.password_file])):
            done = self.ours("import", "--wallet.hotkey", name, *more, stdin=text)
            self.expect(f"we write {name}", done.returncode == 0, done.stderr)
            self.expect(f"we show nothing of the phrase ({name})", mnemonic.split()[0] + " " not in done.stdout + done.stderr)
            self.expect(f"mode of {name}", (self.wallets / "w/hotkeys" / name).stat().st_mode & 0o777 == 0o600)
            password = PASSWORD if more else None
            self.expect(f"they read {name}", self.theirs(name).get_hotkey(password=password).ss58_address == key.ss58_address)
            self.expect(f"they read {name}pub.txt", self.theirs(name).hotkeypub.ss58_address == key.ss58_address)


def ss58(public_key, prefix):
    """The key's address under a prefix below 64."""
    payload = bytes([prefix]) + public_key
    whole = payload + hashlib.blake2b(b"SS58PRE" + payload).digest()[:2]
    number, text = int.from_bytes(whole, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[digit] + text
    return "1" * (len(whole) - len(whole.lstrip(b"\0"))) + text


def keyfile_variable(name, password):
    mask = name.encode()
    return base64.b64encode(bytes(byte ^ mask[at % len(mask)] for at, byte in enumerate(password.encode()))).decode()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--folder", required=True, type=Path)
    chosen = parser.parse_args()
    print(f"bittensor-wallet {version('bittensor-wallet')}")
    exchange = Exchange(chosen.program, chosen.folder)
    key = exchange.their_files()
    exchange.their_encrypted_files(key)
    exchange.our_files()
    print(f"{exchange.passed} passed, {exchange.failed} failed")
    sys.exit(exchange.failed > 0)


if __name__ == "__main__":
    main()
