"""What jupyter_kernel_test can test of a kernel, and beside it what Jupyter's own client sees of the rest of the protocol."""

import os
import unittest

from jupyter_client.manager import KernelManager
from jupyter_kernel_test import TIMEOUT, IopubWelcomeTests, KernelTests

NAME = os.environ["KERNEL_NAME"]


class TypeScriptKernelTests(KernelTests):
    kernel_name = NAME
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [
        {"text": "Math.cbr", "matches": ["cbrt"]},
        {"text": "const text = 'a'; text.toUpperC", "matches": ["toUpperCase"]},
        {"text": "JSON.stringi", "matches": ["stringify"]},
        {"text": "process.stdout.wri"},
    ]
    complete_code_samples = ["1 + 1", "const a = 1;", "console.log('x')", "function f() { return 1 }", "// only", "await 1", "{ a: 1 }", "%time 1"]
    incomplete_code_samples = ["function f() {", "const a = [1,", "`open", "/* open", "if (true) {\n  f(", "const x ="]
    invalid_code_samples = ["let 1x = 2", "}", "f(]", "const = 5"]
    code_page_something = "?Math.max"
    code_generate_error = "throw new Error('wrong')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'six' + 'times'", "result": "'sixtimes'"},
        {"code": "await Promise.resolve([1, 2])", "result": "[ 1, 2 ]"},
        {"code": "6 * 7", "result": "42"},
        {"code": "6 * 7", "result": "42"},
    ]
    code_display_data = [
        {"code": "display(1)", "mime": "text/plain"},
        {"code": "display(html`<b>x</b>`)", "mime": "text/html"},
        {"code": "display(md`*x*`)", "mime": "text/markdown"},
        {"code": "display(svg`<svg xmlns=\"http://www.w3.org/2000/svg\"/>`)", "mime": "image/svg+xml"},
        {"code": "display(latex`x^2`)", "mime": "text/latex"},
        {"code": "display(json({ a: 1 }))", "mime": "application/json"},
    ]
    code_history_pattern = "6?*7*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.max"
    code_clear_output = "import { clearOutput } from 'soclab-kernel'; console.log(1); clearOutput()"

    def outputs(self, code, **options):
        self.flush_channels()
        return self.execute_helper(code=code, **options)

    def test_silent(self):
        reply, messages = self.outputs("console.log('seen'); 5", silent=True)
        self.assertEqual(reply["content"]["status"], "ok")
        self.assertNotIn("execute_result", [message["msg_type"] for message in messages])

    def test_user_expressions(self):
        self.flush_channels()
        self.kc.execute("const ue = 2", user_expressions={"good": "ue * 2", "bad": "(() => { throw new Error('no') })()"})
        reply = self.get_non_kernel_info_reply(timeout=TIMEOUT)
        found = reply["content"]["user_expressions"]
        self.assertEqual(found["good"]["data"]["text/plain"], "4")
        self.assertEqual((found["bad"]["status"], found["bad"]["ename"], found["bad"]["evalue"]), ("error", "Error", "no"))

    def test_error_fields(self):
        reply, messages = self.outputs("// one\nthrow new RangeError('too far')")
        for content in (reply["content"], messages[0]["content"]):
            self.assertEqual((content["ename"], content["evalue"]), ("RangeError", "too far"))
            self.assertIn("line 2", "\n".join(content["traceback"]))

    def test_syntax_and_type_errors(self):
        for code, ename in (("let 1x", "SyntaxError"), ("const n: number = 'text'", "TypeError")):
            reply, messages = self.outputs(code)
            self.assertEqual([message["msg_type"] for message in messages], ["error"])
            self.assertEqual(reply["content"]["ename"], ename)

    def test_stop_on_error(self):
        for stop, expected in ((True, "aborted"), (False, "ok")):
            self.flush_channels()
            self.kc.execute("throw new Error('x')", stop_on_error=stop)
            self.kc.execute("1")
            replies = [self.get_non_kernel_info_reply(timeout=TIMEOUT)["content"]["status"] for _ in range(2)]
            self.assertEqual(replies, ["error", expected])

    def test_stdin(self):
        self.flush_channels()
        self.kc.execute("[prompt('name? '), password('pass? ')]", allow_stdin=True)
        for prompt, is_password, answer in (("name? ", False, "Ann"), ("pass? ", True, "secret")):
            # The package's schema takes the password flag for a number, where the protocol has a bool.
            asked = self.kc.get_stdin_msg(timeout=TIMEOUT)
            self.assertEqual((asked["content"]["prompt"], asked["content"]["password"]), (prompt, is_password))
            self.kc.input(answer)
        self.assertEqual(self.get_non_kernel_info_reply(timeout=TIMEOUT)["content"]["status"], "ok")

    def test_comms(self):
        self.outputs("kernel.comms.register('echo', (comm) => { comm.onMessage(({ data }) => comm.send(data)) })")
        self.send("comm_open", {"comm_id": "c1", "target_name": "echo", "data": {}})
        self.send("comm_msg", {"comm_id": "c1", "data": {"x": 1}})
        self.assertEqual(self.heard("comm_msg")["content"]["data"], {"x": 1})
        self.kc.comm_info()
        self.assertEqual(self.get_non_kernel_info_reply(timeout=TIMEOUT)["content"]["comms"], {"c1": {"target_name": "echo"}})
        self.send("comm_close", {"comm_id": "c1", "data": {}})
        self.send("comm_open", {"comm_id": "c2", "target_name": "nobody", "data": {}})
        self.assertEqual(self.heard("comm_close")["content"]["comm_id"], "c2")

    def test_update_display(self):
        _, messages = self.outputs("const shown = display('a', { displayId: 'one' }); shown.update('b'); undefined")
        self.assertEqual([message["msg_type"] for message in messages], ["display_data", "update_display_data"])
        self.assertEqual([message["content"]["transient"]["display_id"] for message in messages], ["one", "one"])

    def test_interrupt(self):
        for code in ("while (true) {}", "await new Promise(() => {})"):
            self.flush_channels()
            self.kc.execute(f"console.log('starts'); {code}")
            self.heard("stream")
            self.km.interrupt_kernel()
            self.assertEqual(self.get_non_kernel_info_reply(timeout=TIMEOUT)["content"]["status"], "error")
        reply, messages = self.outputs("'usable'")
        self.assertEqual(messages[0]["content"]["data"]["text/plain"], "'usable'")

    def test_restart(self):
        own = KernelManager(kernel_name=NAME)
        own.start_kernel()
        client = own.client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        client.execute_interactive("const kept = 1", timeout=TIMEOUT)
        own.restart_kernel()
        client.wait_for_ready(timeout=60)
        reply = client.execute_interactive("1 + 1", timeout=TIMEOUT)
        self.assertEqual((reply["content"]["status"], reply["content"]["execution_count"]), ("ok", 1))
        client.stop_channels()
        own.shutdown_kernel()
        self.assertFalse(own.is_alive())

    def test_heartbeat_while_busy(self):
        self.flush_channels()
        self.kc.execute("console.log('starts'); while (true) {}")
        self.heard("stream")
        self.assertTrue(self.kc.is_alive())
        self.km.interrupt_kernel()
        self.get_non_kernel_info_reply(timeout=TIMEOUT)

    def send(self, kind, content):
        self.kc.shell_channel.send(self.kc.session.msg(kind, content))

    def heard(self, kind):
        while True:
            message = self.kc.get_iopub_msg(timeout=TIMEOUT)
            if message["msg_type"] == kind:
                return message


class TypeScriptIopubWelcomeTests(IopubWelcomeTests):
    kernel_name = NAME
    support_iopub_welcome = True


del KernelTests, IopubWelcomeTests

if __name__ == "__main__":
    unittest.main(verbosity=2)
