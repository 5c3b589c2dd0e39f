using System.Text;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>Whole files in one call: as File has them, and nothing stays open.</summary>
public sealed class WholeFileSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task What_is_written_is_read(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var engine = scenario.Engine;
        var path = scenario.PathOf("a");
        foreach (var size in new[] { 0, 1, 4096, 1_000_003 })
        {
            var content = Text.Pattern(size);
            await engine.WriteAllBytesAsync(path, content);
            Assert.Equal(content, await engine.ReadAllBytesAsync(path));
            await engine.AppendAllBytesAsync(path, "more"u8.ToArray());
            var longer = await File.ReadAllBytesAsync(path);
            Assert.Equal([.. content, .. "more"u8], longer);
        }

        await engine.WriteAllTextAsync(path, "one\r\ntwo ä€😀\n");
        await engine.AppendAllTextAsync(path, "three");
        Assert.Equal("one\r\ntwo ä€😀\nthree", await engine.ReadAllTextAsync(path));
        var lines = await engine.ReadAllLinesAsync(path);
        Assert.Equal(["one", "two ä€😀", "three"], lines);

        lines = Enumerable.Range(0, 5000).Select(i => $"line {i}").ToArray();
        await engine.WriteAllLinesAsync(path, lines);
        await engine.AppendAllLinesAsync(path, ["", "end"]);
        var written = await engine.ReadAllLinesAsync(path);
        Assert.Equal([.. lines, "", "end"], written);
        await foreach (var line in engine.ReadLinesAsync(path))
        {
            Assert.Equal(lines[0], line);
            break;
        }
    });

    [Fact]
    public Task Encodings_are_those_of_file() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var path = scenario.PathOf("a.txt");
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.Latin1, new UTF8Encoding(false) })
        {
            await scenario.Engine.WriteAllTextAsync(path, "zwölf\n", encoding);
            await scenario.Engine.AppendAllLinesAsync(path, ["dreizehn", "ä"], encoding);
            var written = await File.ReadAllBytesAsync(path);
            await File.WriteAllTextAsync(path, "zwölf\n", encoding);
            await File.AppendAllTextAsync(path, "dreizehn\nä\n", encoding);
            Assert.Equal(await File.ReadAllBytesAsync(path), written);
            Assert.Equal("zwölf\ndreizehn\nä\n", await scenario.Engine.ReadAllTextAsync(path, encoding));
            var lines = await scenario.Engine.ReadAllLinesAsync(path, encoding);
            Assert.Equal(["zwölf", "dreizehn", "ä"], lines);
        }
    });

    [SkippableFact]
    public Task What_is_too_large_for_one_call_is_refused_at_once() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var path = scenario.PathOf("a");
        await SetLengthAsync(1_200_000_000);
        await RefuseAsync(() => scenario.Engine.ReadAllTextAsync(path), "1073741791");
        await SetLengthAsync(2_200_000_000);
        await RefuseAsync(() => scenario.Engine.ReadAllBytesAsync(path), "2147483591");
        await RefuseAsync(() => scenario.Engine.ReadAllTextAsync(path, Encoding.Unicode), "2147483582");

        // The position stays, and the rest can be read in pieces.
        await using var reader = await scenario.Engine.OpenReaderAsync(path);
        await RefuseAsync(() => reader.ReadTextToEndAsync().AsTask(), "1073741791");
        Assert.Equal(0, reader.Position);
        reader.Position = 2_199_999_990;
        Assert.Equal(new string('\0', 10), await reader.ReadTextToEndAsync());

        async Task SetLengthAsync(long length)
        {
            await using var file = File.Create(path);
            file.SetLength(length);
            await file.FlushAsync();
        }

        static async Task RefuseAsync(Func<Task> call, string limit)
        {
            var before = GC.GetTotalAllocatedBytes();
            var refused = await Assert.ThrowsAsync<FileEngineException>(call);
            Assert.Equal(FailureReason.FileTooLarge, refused.Reason);
            Assert.Contains(limit, refused.Message, StringComparison.Ordinal);
            Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 50_000_000);
        }
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_line_may_be_as_long_as_the_file(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        foreach (var encoding in new Encoding[] { new UTF8Encoding(false), Encoding.Unicode })
        {
            string[] lines = [new('x', 3_000_000), "short", new('y', 5_000_001)];
            var path = scenario.PathOf("a");
            await File.WriteAllLinesAsync(path, lines, encoding);
            var read = await scenario.Engine.ReadAllLinesAsync(path);
            Assert.Equal(lines, read);
        }
    });

    [Fact]
    public Task What_is_missing_or_cancelled_says_so() => EngineScenario.RunAsync("sync", async scenario =>
    {
        var missing = await Assert.ThrowsAsync<FileEngineException>(
            () => scenario.Engine.ReadAllTextAsync(scenario.PathOf("missing")));
        Assert.Equal((FailureReason.NotFound, scenario.PathOf("missing")), (missing.Reason, missing.Path));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => scenario.Engine.WriteAllTextAsync(scenario.PathOf("a"), "text", null, cancelled.Token));
        Assert.False(File.Exists(scenario.PathOf("a")));
        await Assert.ThrowsAsync<ArgumentNullException>(
            () => scenario.Engine.WriteAllTextAsync(scenario.PathOf("a"), null!));
        await Assert.ThrowsAsync<ArgumentException>(() => scenario.Engine.ReadAllBytesAsync(""));
    });
}
