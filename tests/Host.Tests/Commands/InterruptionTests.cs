using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Actors.Host.Running;

namespace Actors.Host.Tests.Commands;

public sealed class InterruptionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(130)]
    [InlineData(143)]
    public async Task An_interrupted_run_drains_and_reports_what_it_did(int exitCode)
    {
        using var interruption = new Interruption();

        // The phase has begun when its line is printed; it is far too long to end before it is interrupted.
        var error = new Watcher("sync        write", () => interruption.Request(exitCode));
        var result = await ActorsCommandLine.RunAsync(interruption, error, Arguments("--json", "-"));
        Assert.True(result.ExitCode == exitCode, result.ToString());
        var report = result.Json();
        Assert.Equal("interrupted", report.GetProperty("outcome").GetString());
        var run = Assert.Single(report.GetProperty("runs").EnumerateArray());
        Assert.Equal(0, run.GetProperty("errors").GetInt32());
        Assert.False(run.GetProperty("verified").GetBoolean());
        Assert.Contains("interrupted", result.Error);

        var verdict = await VerifyAsync();
        Assert.Equal("interrupted", verdict.GetProperty("state").GetString());
        Assert.Equal(run.GetProperty("operations").GetInt64(), verdict.GetProperty("units").GetInt64());
        Assert.Equal(0, verdict.GetProperty("different").GetInt32());
    }

    [SkippableTheory]
    [InlineData(ActorsProcess.SigTerm, 143)]
    [InlineData(ActorsProcess.SigInt, 130)]
    [InlineData(ActorsProcess.SigHup, 129)]
    public async Task A_signal_drains_a_process_and_a_report_comes_out(int signal, int exitCode)
    {
        SkipWhereThereAreNoSignals();
        Skip.If(OperatingSystem.IsLinux() && ActorsProcess.Ignores(signal), "whoever started the tests ignores it");
        using var process = ActorsProcess.Start("", Arguments("--json", "-"));
        await process.ReadErrorUntilAsync("sync        write");
        process.Signal(signal);
        var result = await process.EndAsync();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Equal("interrupted", result.Json().GetProperty("outcome").GetString());
    }

    [SkippableFact]
    public async Task A_hang_up_that_was_ignored_at_the_start_stays_ignored()
    {
        SkipWhereThereAreNoSignals();
        using var process = ActorsProcess.Start("trap '' HUP;", Arguments("--json", "-"));
        await process.ReadErrorUntilAsync("sync        write");
        process.Signal(ActorsProcess.SigHup);
        process.Signal(ActorsProcess.SigTerm);
        var result = await process.EndAsync();
        Assert.True(result.ExitCode == 143, result.ToString());
    }

    [SkippableFact]
    public async Task A_signal_ends_a_run_whose_disk_does_not_come_back()
    {
        Skip.IfNot(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/strace"),
            "a tracer holds the calls");
        using var process = ActorsProcess.Start(
            "", Arguments("--json", _directory["report.json"], "--set", "actors.engine.coordinator.drain-timeout=1s"));
        using var reports = new FileSystemWatcher(_directory.Path, "report.json");
        var reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        reports.Renamed += (_, _) => reported.TrySetResult();
        reports.EnableRaisingEvents = true;
        await process.ReadErrorUntilAsync("sync        write");

        string[] files;
        do
        {
            await process.ReadErrorUntilAsync("lines/s");
            files = Directory.GetFiles(_directory.Path, "*.txt", SearchOption.AllDirectories);
        }
        while (files.Length < 10);

        // For longer than anybody waits; the appends, and not what is written of the run itself.
        const string Calls = "pwritev2,pwrite64";
        using var tracer = Process.Start(
            "/usr/bin/strace",
            [
                "-f", "-qq", "-o", "/dev/null", "-e", $"trace={Calls}", "-e", $"inject={Calls}:delay_enter=300000000",
                .. files.SelectMany(file => new[] { "-P", file }),
                "-p", $"{process.Id}",
            ]);
        try
        {
            await process.ReadErrorUntilAsync("lines/s");
            process.Signal(ActorsProcess.SigTerm);
            await reported.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            tracer.Kill();
        }

        // The kernel keeps a process that is traced until the tracer has let go of it.
        var result = await process.EndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(result.ExitCode == 143, result.ToString());
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(_directory["report.json"]));
        Assert.Equal("interrupted", report.RootElement.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task What_has_nothing_to_drain_ends_at_once_even_where_it_does_not_come_back()
    {
        using var interruption = new Interruption();
        using var gate = new ManualResetEventSlim();
        var interrupted = false;
        var running = interruption.RunAsync(
            _ =>
            {
                gate.Wait();
                return 0;
            },
            () => interrupted = true);
        interruption.Request(143);
        Assert.Equal(143, await running.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(interrupted);
        gate.Set();
    }

    [Fact]
    public async Task A_verification_that_is_interrupted_has_no_verdict()
    {
        Assert.Equal(0, (await ActorsCommandLine.RunAsync(
            "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory.Path, "--backend", "sync",
            "--set", "scenario.files=2", "--set", "scenario.phases.write.count=5")).ExitCode);
        using var interruption = new Interruption();
        interruption.Request(130);
        var result = await ActorsCommandLine.RunAsync(
            interruption, new StringWriter(), "verify", _directory.Path, "--json", "-");
        Assert.Equal((130, ""), (result.ExitCode, result.Output));
        Assert.Contains("interrupted", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_signal_ends_the_process_at_once_an_echo_of_the_first_does_not()
    {
        var clock = new SteppedClock();
        using var interruption = new Interruption(clock: clock);
        Assert.False(interruption.Receive(130));
        clock.Step(TimeSpan.FromMilliseconds(100));
        Assert.False(interruption.Receive(130));
        clock.Step(TimeSpan.FromSeconds(1));
        Assert.True(interruption.Receive(143));
        Assert.Equal(130, interruption.ExitCode);
    }

    [SkippableFact]
    public async Task After_a_kill_the_verifier_says_what_is_there()
    {
        SkipWhereThereAreNoSignals();
        using (var process = ActorsProcess.Start("", Arguments()))
        {
            await process.ReadErrorUntilAsync("lines/s");
            process.Kill();
            await process.EndAsync();
        }

        var verdict = await VerifyAsync();
        Assert.Equal("running", verdict.GetProperty("state").GetString());
        Assert.Equal(0, verdict.GetProperty("different").GetInt32());
        Assert.InRange(verdict.GetProperty("units").GetInt64(), 1, verdict.GetProperty("unitsExpected").GetInt64() - 1);
        Assert.Equal(0, verdict.GetProperty("complete").GetInt32());
    }

    private string[] Arguments(params string[] more) =>
    [
        "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory.Path, "--backend", "sync",
        "--set", "scenario.files=10", "--set", "scenario.phases.write.count=1000000000", .. more,
    ];

    private async Task<JsonElement> VerifyAsync()
    {
        var result = await ActorsCommandLine.RunAsync("verify", _directory.Path, "--json", "-");
        Assert.True(result.ExitCode == 1, result.ToString());
        return result.Json().GetProperty("backends")[0];
    }

    private static void SkipWhereThereAreNoSignals() =>
        Skip.If(OperatingSystem.IsWindows(), "signals are sent by kill(2), which Windows does not have");

    private sealed class SteppedClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Step(TimeSpan time) => _now += time.Ticks;
    }

    /// <summary>Does something when a line with a text is written.</summary>
    private sealed class Watcher(string text, Action found) : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
            {
                found();
            }
        }
    }
}
