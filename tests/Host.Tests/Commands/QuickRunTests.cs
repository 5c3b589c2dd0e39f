using System.Text.Json;
using Actors.Engine;

namespace Actors.Host.Tests.Commands;

/// <summary>The shipped quick.conf, for real, on every backend of this machine.</summary>
public sealed class QuickRunTests : IDisposable
{
    private static readonly string[] RunNames =
    [
        "backend", "phase", "operation", "files", "operations", "reads", "writes", "kernelOperations", "bytes",
        "elapsedSeconds", "operationsPerSecond", "bytesPerSecond", "cpuUserSeconds", "cpuSystemSeconds",
        "latencyMicros", "memory", "mailbox", "errors", "verified", "notes",
    ];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_backend_writes_and_reads_and_the_document_has_every_field()
    {
        var result = await ActorsCommandLine.RunAsync(
            "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory.Path, "--json", "-");
        Assert.True(result.ExitCode == 0, result.ToString());
        var report = result.Json();
        Assert.Equal(["schema", "outcome", "scenario", "machine", "backends", "runs"], Names(report));
        Assert.Equal("actors.report/1", report.GetProperty("schema").GetString());
        Assert.Equal("done", report.GetProperty("outcome").GetString());
        Assert.Equal(["os", "kernel", "cores", "filesystem", "runtime"], Names(report.GetProperty("machine")));
        AssertScenario(report.GetProperty("scenario"));

        var backends = report.GetProperty("backends").EnumerateArray().ToList();
        Assert.Equal(BackendProbe.Names, backends.Select(b => b.GetProperty("name").GetString()!));
        Assert.All(backends, b => Assert.Equal(["name", "available", "reason", "details"], Names(b)));
        var available = backends.Where(b => b.GetProperty("available").GetBoolean())
            .Select(b => b.GetProperty("name").GetString()).ToList();
        Assert.Contains("sync", available);

        var runs = report.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(available.SelectMany(b => new[] { b, b }), runs.Select(r => r.GetProperty("backend").GetString()));
        Assert.All(runs, AssertRun);
    }

    [Fact]
    public async Task Standard_output_is_the_document_alone_and_the_tables_go_elsewhere()
    {
        var result = await Run("--json", "-");
        Assert.Equal(JsonValueKind.Object, result.Json().ValueKind);
        Assert.Contains("write s", result.Error);
        Assert.Contains("lines/s", result.Error);
        Assert.DoesNotContain('\e', result.Error);
    }

    [Fact]
    public async Task Without_a_document_the_tables_are_the_result()
    {
        var result = await Run();
        Assert.Contains("write s", result.Output);
        Assert.Contains("verified", result.Output);
        Assert.DoesNotContain('\e', result.Output);
        Assert.DoesNotContain("write s", result.Error);
        Assert.Contains("1,000 lines", result.Error);
    }

    [Fact]
    public async Task Quiet_prints_nothing()
    {
        var result = await Run("--quiet");
        Assert.Empty(result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Csv_has_a_row_for_each_run_under_flattened_names()
    {
        var path = _directory["runs.csv"];
        await Run("--quiet", "--csv", path);
        var rows = await File.ReadAllLinesAsync(path);
        var names = rows[0].Split(',');
        Assert.Contains("latencyMicros.p999", names);
        Assert.Contains("memory.peakBufferBytes", names);
        Assert.Contains("mailbox.refused", names);
        Assert.Equal(3, rows.Length);
        var write = names.Zip(rows[1].Split(',')).ToDictionary(f => f.First, f => f.Second);
        Assert.Equal("sync", write["backend"]);
        Assert.Equal("1000", write["operations"]);
        Assert.Equal("1000", write["kernelOperations"]);
        Assert.Equal("true", write["verified"]);
    }

    [Fact]
    public async Task Json_goes_to_a_file_as_well()
    {
        var path = _directory["report.json"];
        await Run("--quiet", "--json", path);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(path));
        Assert.Equal(2, report.RootElement.GetProperty("runs").GetArrayLength());
    }

    [Fact]
    public async Task Verification_that_is_off_is_not_claimed()
    {
        var result = await Run("--json", "-", "--set", "scenario.verify=off");
        Assert.All(
            result.Json().GetProperty("runs").EnumerateArray(),
            r => Assert.Equal(JsonValueKind.Null, r.GetProperty("verified").ValueKind));
    }

    [Fact]
    public async Task Auto_says_what_it_took_and_why()
    {
        var result = await Run("--json", "-", "--backend", "auto");
        var auto = result.Json().GetProperty("backends")[0];
        Assert.Equal("auto", auto.GetProperty("name").GetString());
        var taken = result.Json().GetProperty("runs")[0].GetProperty("backend").GetString()!;
        Assert.Contains(taken, auto.GetProperty("reason").GetString());
        Assert.Contains($"auto took {taken}", result.Error);
        Assert.True(Directory.Exists(_directory[taken]));
    }

    [Fact]
    public async Task Blocks_at_their_positions_are_written_synced_read_and_verified()
    {
        var result = await ActorsCommandLine.RunAsync(
            "run", ActorsCommandLine.Shipped("offsets.conf"), "--dir", _directory.Path, "--json", "-",
            "--set", "scenario.phases.write.count=200");
        Assert.True(result.ExitCode == 0, result.ToString());
        foreach (var run in result.Json().GetProperty("runs").EnumerateArray())
        {
            Assert.True(run.GetProperty("verified").GetBoolean());
            Assert.Equal(200, run.GetProperty("operations").GetInt32());
            Assert.Equal(200 * 16 * 1024, run.GetProperty("bytes").GetInt64());
            Assert.Equal(200, run.GetProperty("kernelOperations").GetInt32());
        }
    }

    [Fact]
    public async Task Probe_says_what_works_and_what_auto_takes()
    {
        var result = await ActorsCommandLine.RunAsync("probe", "--dir", _directory.Path, "--json", "-");
        Assert.True(result.ExitCode == 0, result.ToString());
        var probe = result.Json();
        Assert.Equal("actors.probe/1", probe.GetProperty("schema").GetString());
        Assert.Equal(BackendProbe.Names.Count, probe.GetProperty("backends").GetArrayLength());
        Assert.NotEmpty(probe.GetProperty("auto").GetProperty("reason").GetString()!);
        Assert.Contains("auto takes", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    private async Task<CommandResult> Run(params string[] more)
    {
        string[] backend = more.Contains("--backend") ? [] : ["--backend", "sync"];
        var result = await ActorsCommandLine.RunAsync(
        [
            "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory.Path,
            "--set", "scenario.files=10", "--set", "scenario.phases.write.count=100", .. backend, .. more,
        ]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    private static void AssertScenario(JsonElement scenario)
    {
        Assert.Equal(["name", "file", "resolved"], Names(scenario));
        Assert.Equal("quick", scenario.GetProperty("name").GetString());
        var resolved = scenario.GetProperty("resolved");
        Assert.Equal(20, resolved.GetProperty("scenario").GetProperty("files").GetInt32());
        var engine = resolved.GetProperty("actors").GetProperty("engine");
        Assert.False(engine.GetProperty("writer").GetProperty("coalesce").GetBoolean());
        Assert.Equal("20us", engine.GetProperty("event-loop").GetProperty("spin").GetString());
        Assert.Equal("infinite", engine.GetProperty("file").GetProperty("operation-timeout").GetString());
    }

    private static void AssertRun(JsonElement run)
    {
        Assert.Equal(RunNames, Names(run));
        Assert.Equal(
            ["p50", "p90", "p99", "p999", "max", "mean", "sampled"], Names(run.GetProperty("latencyMicros")));
        Assert.Equal(
            ["peakManagedBytes", "allocatedBytes", "peakBufferBytes", "peakRssBytes"],
            Names(run.GetProperty("memory")));
        Assert.Equal(["highWater", "refused"], Names(run.GetProperty("mailbox")));
        Assert.True(run.GetProperty("verified").GetBoolean());
        Assert.Equal(0, run.GetProperty("errors").GetInt32());
        Assert.Equal(0, run.GetProperty("mailbox").GetProperty("refused").GetInt32());
        Assert.Equal(20, run.GetProperty("files").GetInt32());
        Assert.Equal(10_000, run.GetProperty("operations").GetInt32());
        Assert.All(run.GetProperty("memory").EnumerateObject(), m => Assert.InRange(m.Value.GetInt64(), 1, 1L << 36));
        Assert.InRange(run.GetProperty("elapsedSeconds").GetDouble(), double.Epsilon, double.MaxValue);
        if (run.GetProperty("operation").GetString() == "write")
        {
            // Coalescing is off: a kernel write for each line.
            Assert.Equal(10_000, run.GetProperty("kernelOperations").GetInt32());
            Assert.InRange(run.GetProperty("mailbox").GetProperty("highWater").GetInt64(), 1, 512);
        }
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(p => p.Name);
}
