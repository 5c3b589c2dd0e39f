using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Faults.Real;

/// <summary>Others do things to a file that is open here.</summary>
public sealed class ChangedUnderReaderSpec
{
    private const int Chunk = 4096;

    public static TheoryData<string> AllAndAuto => [.. BackendProbe.Names, BackendNames.Auto];

    [SkippableTheory]
    [MemberData(nameof(AllAndAuto))]
    public Task A_deleted_file_is_read_to_its_end(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "elsewhere an open file cannot be deleted");
        var content = Text.Pattern(5 * Chunk);
        var file = await OpenAsync(scenario, content);
        Assert.Equal(Chunk, await ReadAsync(file, 1));
        File.Delete(file.Opened.Path);
        Assert.Equal(4 * Chunk, await ReadAsync(file, 10));
        file.Tell(new ReadAll());
        Assert.True((await file.ExpectAsync<WholeFile>()).Data.Span.SequenceEqual(content));
        await file.CloseAsync();
    });

    [SkippableTheory]
    [MemberData(nameof(AllAndAuto))]
    public Task A_truncated_file_ends_where_it_ends_now(string backend) =>
        EngineScenario.RunAsync(backend, TruncateAsync);

    private static async Task TruncateAsync(EngineScenario scenario)
    {
        var file = await OpenAsync(scenario, Text.Pattern(5 * Chunk));
        Assert.Equal(Chunk, await ReadAsync(file, 1));
        using (var other = File.OpenHandle(file.Opened.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.SetLength(other, (2 * Chunk) + 10);
        }

        Assert.Equal(Chunk + 10, await ReadAsync(file, 10));
        file.Tell(new Read(2 * Chunk, new byte[100]));
        Assert.Equal(10, (await file.ExpectAsync<DataRead>()).Data.Length);
        file.Tell(new Read(4 * Chunk, new byte[100]));
        Assert.Equal(0, (await file.ExpectAsync<DataRead>()).Data.Length);
        file.Tell(new ReadAll());
        Assert.Equal((2 * Chunk) + 10, (await file.ExpectAsync<WholeFile>()).Data.Length);
        await file.CloseAsync();

        await using var reader = await scenario.Engine.OpenReaderAsync(file.Opened.Path);
        var buffer = new byte[100];
        Assert.Equal(100, await reader.ReadAsync(buffer));
        Assert.Equal((2 * Chunk) + 10 - 100, (await reader.ReadToEndAsync()).Length);
    }

    [SkippableTheory]
    [MemberData(nameof(AllAndAuto))]
    public Task A_deleted_file_is_written_on(string backend) =>
        EngineScenario.RunAsync(backend, DeleteAsync);

    private static async Task DeleteAsync(EngineScenario scenario)
    {
        var file = await scenario.OpenAsync(scenario.Probe("client"), "a", OpenMode.ReadWrite);
        file.Append("0123456789");
        await file.ExpectWrittenAsync(1);
        File.Delete(file.Opened.Path);
        file.Append("more");
        file.Tell(new Sync());
        await file.ExpectWrittenAsync(1);
        Assert.Equal(14, (await file.ExpectAsync<Synced>()).Length);
        file.Tell(new Read(8, new byte[10]));
        Assert.Equal("89more", Text.Of((await file.ExpectAsync<DataRead>()).Data));
        await file.CloseAsync();
        Assert.False(File.Exists(file.Opened.Path));
    }

    private static Task<ClientFile> OpenAsync(EngineScenario scenario, byte[] content)
    {
        scenario.Given("a", content);
        return scenario.OpenAsync(
            scenario.Probe("client"), "a", OpenMode.Read, new OpenOptions { ChunkSize = Chunk });
    }

    /// <summary>So many chunks, or what there is; their bytes.</summary>
    private static async Task<int> ReadAsync(ClientFile file, int chunks)
    {
        file.Tell(new Demand(chunks));
        var bytes = 0;
        while (await file.ExpectAsync<object>() is Chunk chunk)
        {
            bytes += chunk.Memory.Length;
            chunk.Dispose();
        }

        return bytes;
    }
}
