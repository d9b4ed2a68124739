#!/usr/bin/env python3
"""steps.py github|gitlab FILE DIR: writes each shell step of a workflow to DIR/NAME.sh as it stands, and what its job sets in
the environment to DIR/NAME.env, as lines for the shell. Expressions `${{ … }}` in that are looked up in EVENT_… variables, as
in EVENT_github_token. A step's own text must have none: a test cannot run it as it stands."""
import os
import re
import shlex
import sys

import yaml

service, path, folder = sys.argv[1:]
workflow = yaml.safe_load(open(path))


def value(text):
    def look_up(match):
        name = 'EVENT_' + match.group(1).strip().replace('.', '_')
        if name not in os.environ:
            sys.exit('steps.py: %s: nothing is known of %s' % (path, match.group(0)))
        return os.environ[name]
    return re.sub(r'\$\{\{(.*?)\}\}', look_up, str(text))


def write(name, script, variables):
    if '${{' in script:
        sys.exit('steps.py: %s: `%s` has an expression in its text' % (path, name))
    slug = re.sub(r'\W+', '-', name.lower()).strip('-')
    with open(os.path.join(folder, slug + '.sh'), 'w') as f:
        f.write(script)
    with open(os.path.join(folder, slug + '.env'), 'w') as f:
        for key, text in variables.items():
            f.write('export %s=%s\n' % (key, shlex.quote(value(text))))
    print(slug)


def github():
    for job in workflow['jobs'].values():
        for step in job['steps']:
            if 'run' in step:
                write(step['name'], step['run'], {**workflow.get('env', {}), **job.get('env', {}), **step.get('env', {})})


def gitlab():
    for name, job in workflow.items():
        if isinstance(job, dict) and 'script' in job:
            lines = [*job.get('before_script', []), *job['script']]
            write(name, '\n'.join(lines) + '\n', {**workflow.get('variables', {}), **job.get('variables', {})})


{'github': github, 'gitlab': gitlab}[service]()
