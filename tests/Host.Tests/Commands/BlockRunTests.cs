using System.Text.Json;
using Actors.Engine;

namespace Actors.Host.Tests.Commands;

/// <summary>Block phases for real, on tiny files and for tiny times: what is counted, verified and left behind.</summary>
public sealed class BlockRunTests : IDisposable
{
    private const string Layout =
        "{ name = layout, operation = write, unit = block, count = 64, block-size = 4KiB, in-flight = 8 }";

    private readonly TemporaryDirectory _directory = new();
    private readonly string _direct;

    public BlockRunTests() => _direct = BackendProbe.ProbeDirect(_directory.Path) is null ? "off" : "on";

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_backend_reads_mixes_and_overwrites_for_a_time()
    {
        var timed = $"unit = block, in-flight = 8, direct = {_direct}, duration = 30ms, warmup = 10ms";
        var runs = await RunAsync(
            "available",
            Layout,
            $"{{ name = read, operation = read, pattern = random, {timed} }}",
            $"{{ name = mix, operation = mixed, read-percent = 70, pattern = random, {timed} }}",
            $"{{ name = again, operation = write, {timed} }}");
        Assert.All(runs.Chunk(4), phases =>
        {
            Assert.Equal((0, 128), (Count(phases[0], "reads"), Count(phases[0], "writes")));
            Assert.Equal((Count(phases[1], "operations"), 0), (Count(phases[1], "reads"), Count(phases[1], "writes")));
            Assert.Equal(Count(phases[2], "operations"), Count(phases[2], "reads") + Count(phases[2], "writes"));
            Assert.Equal((0, Count(phases[3], "operations")), (Count(phases[3], "reads"), Count(phases[3], "writes")));
        });
        Assert.All(runs, run =>
        {
            Assert.True(run.GetProperty("verified").GetBoolean(), run.ToString());
            Assert.Equal(Count(run, "operations") * 4096L, run.GetProperty("bytes").GetInt64());
        });
        await AssertCompleteAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public async Task A_mix_on_few_blocks_never_has_one_in_flight_twice(int blocks)
    {
        var runs = await RunAsync(
            "thread-pool",
            Layout.Replace("count = 64", $"count = {blocks}"),
            "{ name = mix, operation = mixed, unit = block, pattern = random, in-flight = 8, duration = 50ms }");
        Assert.True(runs[1].GetProperty("verified").GetBoolean(), runs[1].ToString());
        await AssertCompleteAsync();
    }

    [Fact]
    public async Task Without_a_duration_each_block_is_visited_once()
    {
        var runs = await RunAsync(
            "sync",
            Layout,
            "{ name = mix, operation = mixed, unit = block, pattern = random, in-flight = 8 }",
            "{ name = read, operation = read, unit = block, pattern = random, in-flight = 8 }");
        Assert.Equal([128, 128, 128], runs.Select(r => Count(r, "operations")));
        Assert.InRange(Count(runs[1], "reads"), 1, 127);
        Assert.All(runs, r => Assert.True(r.GetProperty("verified").GetBoolean(), r.ToString()));
    }

    [Fact]
    public async Task Syncs_come_between_the_writes_and_are_not_counted_as_such()
    {
        var runs = await RunAsync("io-uring", Layout.Replace("in-flight = 8", "in-flight = 8, sync-every = 3"));
        Assert.Equal(128, Count(runs[0], "operations"));
        Assert.Equal(0, Count(runs[0], "errors"));
        await AssertCompleteAsync();
    }

    [Fact]
    public async Task What_a_phase_does_not_verify_is_right_all_the_same()
    {
        var runs = await RunAsync(
            "sync",
            Layout.Replace("in-flight = 8", "in-flight = 8, verify = off"),
            "{ name = again, operation = write, unit = block, in-flight = 8, duration = 10ms, verify = off }",
            "{ name = unchecked, operation = read, unit = block, verify = off }",
            "{ name = read, operation = read, unit = block, pattern = random }");
        Assert.Equal(
            [JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.True],
            runs.Select(r => r.GetProperty("verified").ValueKind));
        await AssertCompleteAsync();
    }

    [Fact]
    public async Task A_damaged_block_is_told_by_verify()
    {
        await RunAsync("sync", Layout, "{ name = mix, operation = mixed, unit = block, duration = 10ms }");
        var path = _directory["out/sync/1.bin"];
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[(5 * 4096) + 1000] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        var result = await ActorsCommandLine.RunAsync("verify", _directory["out"], "--json", "-");
        Assert.Equal(1, result.ExitCode);
        var file = result.Json().GetProperty("backends")[0].GetProperty("incomplete")[0];
        Assert.Equal(("1.bin", 63, 5 * 4096),
            (file.GetProperty("file").GetString(), Count(file, "units"), Count(file, "firstDifference")));
    }

    private async Task<List<JsonElement>> RunAsync(string backends, params string[] phases)
    {
        var path = _directory.Write("blocks.conf", $$"""
            scenario {
              name = blocks, directory = out, files = 2, file-name = "{file}.bin", backends = {{backends}}
              phases = [ {{string.Join(", ", phases)}} ]
            }
            actors.engine.backend.linux-aio.allow-buffered = on
            """);
        var result = await ActorsCommandLine.RunAsync("run", path, "--dir", _directory["out"], "--json", "-");
        Assert.True(result.ExitCode == 0, result.ToString());
        return [.. result.Json().GetProperty("runs").EnumerateArray()];
    }

    private async Task AssertCompleteAsync()
    {
        var result = await ActorsCommandLine.RunAsync("verify", _directory["out"]);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private static int Count(JsonElement run, string name) => run.GetProperty(name).GetInt32();
}
