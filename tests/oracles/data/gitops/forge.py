#!/usr/bin/env python3
"""forge.py FILE: a stand-in for the comments of GitHub's and GitLab's REST interfaces, on a free port of the loopback device,
which it prints. FILE gets all comments as JSON after each change."""
import http.server
import json
import re
import sys

comments, log = [], sys.argv[1]


class Forge(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, code, body):
        text = json.dumps(body).encode()
        self.send_response(code)
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        with open(log, 'w') as f:
            json.dump(comments, f)

    def handle_request(self):
        path = self.path.split('?')[0]
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        listed = re.fullmatch(r'/repos/ops/fleet/issues/7/comments|/projects/5/merge_requests/7/notes', path)
        edited = re.fullmatch(r'(?:/repos/ops/fleet/issues/comments|/projects/5/merge_requests/7/notes)/(\d+)', path)
        if self.headers.get('Authorization') != 'Bearer secret':
            return self.answer(401, {'message': 'no token'})
        if self.command == 'GET' and listed:
            return self.answer(200, comments)
        if self.command == 'POST' and listed:
            comments.append({'id': 100 + len(comments), 'body': json.loads(body)['body']})
            return self.answer(201, comments[-1])
        if edited and self.command == ('PATCH' if path.startswith('/repos') else 'PUT'):
            comments[int(edited.group(1)) - 100]['body'] = json.loads(body)['body']
            return self.answer(200, {})
        return self.answer(404, {'message': 'not found'})

    do_GET = do_POST = do_PUT = do_PATCH = handle_request


server = http.server.HTTPServer(('127.0.0.1', 0), Forge)
print(server.server_port, flush=True)
server.serve_forever()
