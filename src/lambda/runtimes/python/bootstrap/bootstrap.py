"""The Python runtime inside an environment, for Python 3.8 and newer.

It starts before the function is known, greets the server, is told its function, loads it, and then runs one event after
the other. Frames: u32le length | u8 type | body, as in environments/channel/frame.ts.
"""

import importlib
import json
import logging
import os
import socket
import struct
import sys
import time
import traceback

ASSIGN, INVOKE, FORK, RELEASE = 1, 2, 4, 5
HELLO, READY, INIT_ERROR, RESPONSE, ERROR, LAST_ERROR, LOG, UNFIT = 16, 17, 18, 19, 20, 21, 22, 28
LEVELS = {"TRACE": 5, "DEBUG": 10, "INFO": 20, "WARN": 30, "WARNING": 30, "ERROR": 40, "FATAL": 50, "CRITICAL": 50}


class Channel:
    """Blocking, both ways: a log line is out before the function goes on."""

    def __init__(self, path):
        self.connect(path)

    def connect(self, path):
        self._held = b""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(path)

    def close(self):
        self._socket.close()

    def send(self, kind, body=b""):
        frame = struct.pack("<IB", len(body) + 1, kind) + body
        try:
            self._socket.sendall(frame)
        except OSError:
            os._exit(1)

    def receive(self):
        length, kind = struct.unpack("<IB", self._exactly(5))
        return kind, self._exactly(length - 1)

    def _exactly(self, count):
        if len(self._held) < count:
            self._fill(count)
        taken, self._held = self._held[:count], self._held[count:]
        return taken

    def _fill(self, count):
        """A frame mostly comes by one call; a large one is not copied with each piece of it."""
        parts, missing = [self._held], count - len(self._held)
        while missing > 0:
            got = self._socket.recv(min(max(missing, 1 << 16), 1 << 20))
            if not got:
                # Without the server there is nobody to run for.
                os._exit(0)
            parts.append(got)
            missing -= len(got)
        self._held = b"".join(parts)

    def log(self, text):
        self.send(LOG, struct.pack("<q", time.time_ns() // 1_000_000) + text.encode("utf-8", "replace"))

    def error(self, kind, error_type, body):
        name = error_type.encode("utf-8", "replace")[:255]
        self.send(kind, bytes([len(name)]) + name + json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))


class RequestIdFilter(logging.Filter):
    request_id = ""

    def filter(self, record):
        record.aws_request_id = self.request_id
        return True


class ChannelHandler(logging.Handler):
    def __init__(self, channel):
        super().__init__()
        self._channel = channel

    def emit(self, record):
        try:
            self._channel.log(self.format(record).rstrip("\n"))
        except Exception:
            self.handleError(record)


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": getattr(record, "aws_request_id", "") or None,
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
            line["stackTrace"] = [text.rstrip("\n") for text in traceback.format_tb(record.exc_info[2])]
        return json.dumps({key: value for key, value in line.items() if value is not None}, default=str)


class CognitoIdentity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class Client:
    def __init__(self, given):
        for name in ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"):
            setattr(self, name, given.get(name))


class ClientContext:
    def __init__(self, given):
        self.custom = given.get("custom")
        self.env = given.get("env")
        self.client = Client(given["client"]) if isinstance(given.get("client"), dict) else None


class LambdaContext:
    def __init__(self, header, fixed, channel):
        self.aws_request_id = header["requestId"]
        self.invoked_function_arn = header["invokedArn"]
        self.__dict__.update(fixed)
        self.tenant_id = None
        client_context = header.get("clientContext")
        self.client_context = ClientContext(json.loads(client_context)) if client_context else None
        self.identity = CognitoIdentity()
        if header.get("cognitoIdentity"):
            given = json.loads(header["cognitoIdentity"])
            self.identity.cognito_identity_id = given.get("cognitoIdentityId")
            self.identity.cognito_identity_pool_id = given.get("cognitoIdentityPoolId")
        self._deadline_ms = header["deadlineMs"]
        self._channel = channel

    def get_remaining_time_in_millis(self):
        return max(0, int(self._deadline_ms - time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))
        sys.stdout.flush()

    def __repr__(self):
        shown = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        return "LambdaContext(%s)" % ",".join("%s=%r" % item for item in shown.items())


def fixed_context():
    """What no event changes, read once: each look at `os.environ` costs a microsecond."""
    env = os.environ
    return {
        "function_name": env.get("AWS_LAMBDA_FUNCTION_NAME"),
        "function_version": env.get("AWS_LAMBDA_FUNCTION_VERSION"),
        "memory_limit_in_mb": env.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
        "log_group_name": env.get("AWS_LAMBDA_LOG_GROUP_NAME"),
        "log_stream_name": env.get("AWS_LAMBDA_LOG_STREAM_NAME"),
    }


class Fault(Exception):
    """The function cannot be loaded, or its result cannot be sent: one of the runtime's own error types."""

    def __init__(self, error_type, message, stack=()):
        super().__init__(message)
        self.error_type = error_type
        self.stack = list(stack)


def load(handler):
    try:
        module_name, function_name = handler.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '%s': %s" % (handler, error))
    module_name = module_name.replace("/", ".")
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = "Cannot use built-in module %s as a handler module" % module_name
        raise Fault("Runtime.BuiltInModuleConflict", message)
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, error))
    except SyntaxError as error:
        stack = ['  File "%s" Line %s\n    %s\n' % (error.filename, error.lineno, (error.text or "").rstrip("\n"))]
        raise Fault("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module_name, error), stack)
    function = getattr(module, function_name, None)
    if function is None:
        message = "Handler '%s' missing on module '%s'" % (function_name, module_name)
        raise Fault("Runtime.HandlerNotFound", message)
    return function


def before_snapshot():
    run_hooks("Runtime.BeforeSnapshotError", "get_before_snapshot")


def after_restore():
    run_hooks("Runtime.AfterRestoreError", "get_after_restore")


def run_hooks(error_type, chosen):
    hooks = sys.modules.get("snapshot_restore_py")
    if hooks is None:
        return
    try:
        for function, args, kwargs in getattr(hooks, chosen)():
            function(*args, **kwargs)
    except Exception as error:
        raise Fault(error_type, "%s: %s" % (type(error).__name__, error), own_frames(error))


def own_frames(error):
    """The stack below this file, as the caller sees it."""
    frames = traceback.extract_tb(error.__traceback__)
    while frames and (frames[0].filename == __file__ or frames[0].filename.startswith("<frozen importlib")):
        frames.pop(0)
    if frames and frames[0].filename.endswith("importlib/__init__.py"):
        frames.pop(0)
    while frames and frames[0].filename.startswith("<frozen importlib"):
        frames.pop(0)
    return traceback.format_list(frames)


def described(error, request_id):
    if isinstance(error, Fault):
        error_type, message, stack = error.error_type, str(error), error.stack
    else:
        error_type, message, stack = type(error).__name__, str(error), own_frames(error)
    return error_type, {"errorMessage": message, "errorType": error_type, "requestId": request_id, "stackTrace": stack}


def logged(body):
    """One event: carriage returns for newlines and hard spaces for indentation, or CloudWatch would take it apart."""
    text = "[ERROR] %s: %s" % (body["errorType"], body["errorMessage"])
    if not body["stackTrace"]:
        return text
    lines = "".join(body["stackTrace"]).rstrip("\n").split("\n")
    hard = [line.replace(" ", "\u00a0", len(line) - len(line.lstrip(" "))) for line in lines]
    return "\r".join([text, "Traceback (most recent call last):"] + hard)


def logged_as_json(body, request_id):
    line = {
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "log_level": "ERROR",
        "level": "ERROR",
        "errorType": body["errorType"],
        "errorMessage": body["errorMessage"],
        "requestId": request_id,
        "stackTrace": body["stackTrace"],
    }
    return json.dumps(line, default=str)


class Runtime:
    def __init__(self, channel):
        self._channel = channel
        self._filter = RequestIdFilter()
        self._json = False
        self._handler = None

    def assign(self, assignment):
        """Once; a second time in a copy of a process that was assigned its function to be copied."""
        os.environ.update(assignment["environment"])
        self._fixed = fixed_context()
        time.tzset()
        try:
            unfit = self._initialise(assignment) if self._handler is None else after_restore()
        except Exception as error:
            flush()
            error_type, body = described(error, "")
            self._log_error(body, "")
            self._channel.error(INIT_ERROR, error_type, body)
            sys.exit(1)
        flush()
        if unfit is None:
            self._channel.send(READY)
        else:
            self._channel.send(UNFIT, unfit.encode("utf-8", "replace")[:1024])

    def _initialise(self, assignment):
        """Why it cannot be copied, where it is to be."""
        self._paths(assignment["taskRoot"], assignment["optRoot"])
        self._logging()
        if assignment.get("snapshot"):
            import lambent_snapshot

            before = lambent_snapshot.inherited()
            self._handler = load(assignment["handler"])
            before_snapshot()
            return lambent_snapshot.obstacle(before)
        self._handler = load(assignment["handler"])
        # No snapshot is taken: this environment has initialised by itself.
        if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
            before_snapshot()
            after_restore()
        return None

    def invoke(self, body):
        (size,) = struct.unpack_from("<I", body)
        header = json.loads(body[4 : 4 + size])
        request_id = header["requestId"]
        self._filter.request_id = request_id
        set_trace_header(header.get("traceHeader"))
        try:
            payload = body[4 + size :]
            event = json.loads(payload) if payload else {}
            response = marshalled(self._handler(event, LambdaContext(header, self._fixed, self._channel)))
        except Exception as error:
            flush()
            error_type, described_body = described(error, request_id)
            self._log_error(described_body, request_id)
            self._channel.error(ERROR, error_type, described_body)
            return
        flush()
        self._channel.send(RESPONSE, response)

    def _paths(self, task_root, opt_root):
        os.chdir(task_root)
        version = "python%d.%d" % sys.version_info[:2]
        layers = [opt_root + "/python/lib/" + version + "/site-packages", opt_root + "/python"]
        own = [path for path in os.environ.get("PYTHONPATH", "").split(":") if path and path not in sys.path]
        sys.path[0:0] = [task_root] + layers + own
        importlib.invalidate_caches()

    def _logging(self):
        self._json = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
        handler = ChannelHandler(self._channel)
        handler.addFilter(self._filter)
        if self._json:
            handler.setFormatter(JsonFormatter())
            level = LEVELS.get(os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper())
            if level is not None:
                logging.root.setLevel(level)
        else:
            text = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
            formatter = logging.Formatter(text, "%Y-%m-%dT%H:%M:%S")
            formatter.converter = time.gmtime
            handler.setFormatter(formatter)
        logging.root.addHandler(handler)

    def _log_error(self, body, request_id):
        self._channel.log(logged_as_json(body, request_id) if self._json else logged(body))


def set_trace_header(header):
    """For Python alone: the C library keeps every value that a variable ever had, 130 bytes an event for ever."""
    name = os.environ.encodekey("_X_AMZN_TRACE_ID")
    if header is None:
        os.environ._data.pop(name, None)
    else:
        os.environ._data[name] = os.environ.encodevalue(header)


def marshalled(result):
    if isinstance(result, bytes):
        return result
    try:
        return json.dumps(result, ensure_ascii=False).encode("utf-8")
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % error)


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def main():
    path = os.environ["LAMBENT_CHANNEL"]
    for name in [name for name in os.environ if name.startswith("LAMBENT_")]:
        del os.environ[name]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)
    channel = Channel(path)
    runtime = Runtime(channel)
    forks = None
    channel.send(HELLO)
    while True:
        kind, body = channel.receive()
        if kind == ASSIGN:
            runtime.assign(json.loads(body))
        elif kind == INVOKE:
            runtime.invoke(body)
        elif kind == FORK:
            forks = forks or forks_of(channel)
            if forks.fork(json.loads(body)):
                channel.send(HELLO)
        elif kind == RELEASE:
            forks.release(json.loads(body))


def forks_of(channel):
    import lambent_snapshot

    return lambent_snapshot.Forks(channel)


main()
