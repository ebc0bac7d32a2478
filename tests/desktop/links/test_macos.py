"""Nothing can be registered on macOS while the program runs; what a bundle says is written down for who makes one."""

import plistlib

from tact_desktop.links.macos import IMPOSSIBLE, Mac
from tact_desktop.links.registration import MIME_TYPE, SCHEME
from tact_engine.accounts.invitation import FILE_SUFFIX
from tests.support.house import ROOT


def test_it_says_so():
    mac = Mac()
    assert mac.state() == "impossible"
    assert mac.register() == mac.unregister() == IMPOSSIBLE


def test_what_a_bundle_says():
    keys = plistlib.loads((ROOT / "packaging/Info.plist").read_bytes())
    (schemes,), (documents,) = keys["CFBundleURLTypes"], keys["CFBundleDocumentTypes"]
    (kind,) = keys["UTExportedTypeDeclarations"]
    assert schemes["CFBundleURLSchemes"] == [SCHEME]
    assert documents["LSItemContentTypes"] == [kind["UTTypeIdentifier"]]
    assert kind["UTTypeTagSpecification"] == {
        "public.filename-extension": [FILE_SUFFIX.removeprefix(".")],
        "public.mime-type": [MIME_TYPE],
    }
