"""A language server's re-check: from the edit to the diagnostics, as an editor has them."""
import contextlib
import json
import os
import select
import signal
import subprocess
import time

from measure import Failed, Sample

PATIENCE = 60  # seconds


class Server:
    def __init__(self, command, folder):
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.uri = 'file://' + os.path.join(folder, 'site.tune')
        self.read = b''

    def send(self, method, parameters, **more):
        body = json.dumps({'jsonrpc': '2.0', 'method': method, 'params': parameters, **more}).encode()
        self.process.stdin.write(b'Content-Length: %d\r\n\r\n' % len(body) + body)
        self.process.stdin.flush()

    def message(self):
        end = time.monotonic() + PATIENCE
        while True:
            head, blank, body = self.read.partition(b'\r\n\r\n')
            if blank:
                size = int(head.lower().split(b'content-length:')[1].split()[0])
                if len(body) >= size:
                    self.read = body[size:]
                    return json.loads(body[:size])
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            more = os.read(self.process.stdout.fileno(), 1 << 16) if ready else b''
            if not more:
                raise Failed('the language server ended' if ready else
                             'the language server sent nothing for %d s' % PATIENCE)
            self.read += more

    def diagnosed(self):
        while True:
            said = self.message()
            if said.get('method') == 'textDocument/publishDiagnostics' and said['params']['uri'] == self.uri:
                return


def recheck(command, folder, texts):
    """One sample for each text after the first, which is only opened. The CPU time is not known by edit."""
    server, samples = Server(command, folder), []
    try:
        server.send('initialize', {'processId': os.getpid(), 'rootUri': 'file://' + folder, 'capabilities': {}}, id=1)
        while server.message().get('id') != 1:
            pass
        server.send('initialized', {})
        document = {'uri': server.uri, 'languageId': 'tune', 'version': 0, 'text': texts[0]}
        server.send('textDocument/didOpen', {'textDocument': document})
        server.diagnosed()
        for version, text in enumerate(texts[1:], 1):
            begin = time.monotonic()
            changed = {'textDocument': {'uri': server.uri, 'version': version}, 'contentChanges': [{'text': text}]}
            server.send('textDocument/didChange', changed)
            server.diagnosed()
            samples.append(Sample(time.monotonic() - begin, 0))
    except (BrokenPipeError, KeyError, ValueError, IndexError) as wrong:
        raise Failed('the language server: %r' % wrong) from wrong
    finally:
        # Popen's own kill() may wait for the process, and nobody could then read how much memory it took.
        os.kill(server.process.pid, signal.SIGKILL)
        _, _, used = os.wait4(server.process.pid, 0)
        server.process.returncode = 0
        server.process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            server.process.stdin.close()
    for sample in samples:
        sample.peak = used.ru_maxrss << 10
    return samples
