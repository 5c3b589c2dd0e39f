using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>Each mode: what it asks of the file, what it does to it, and what it allows.</summary>
public sealed class OpenModeSpec
{
    /// <summary>Mode; whether a missing file is created, an existing one refused or emptied; whether it reads and
    /// writes.</summary>
    public static TheoryData<string, OpenMode, bool, bool, bool, bool, bool> Modes
    {
        get
        {
            var data = new TheoryData<string, OpenMode, bool, bool, bool, bool, bool>();
            foreach (var backend in new[] { "sync", "io-uring" })
            {
                data.Add(backend, OpenMode.Read, false, false, false, true, false);
                data.Add(backend, OpenMode.ReadWriteExisting, false, false, false, true, true);
                data.Add(backend, OpenMode.Write, true, false, true, false, true);
                data.Add(backend, OpenMode.ReadWriteTruncate, true, false, true, true, true);
                data.Add(backend, OpenMode.Append, true, false, false, false, true);
                data.Add(backend, OpenMode.ReadWrite, true, false, false, true, true);
                data.Add(backend, OpenMode.CreateNew, true, true, false, false, true);
                data.Add(backend, OpenMode.ReadWriteNew, true, true, false, true, true);
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Modes))]
    public Task A_mode_means_what_it_says(
        string backend, OpenMode mode, bool creates, bool refuses, bool truncates, bool reads, bool writes) =>
        EngineScenario.RunAsync(backend, async scenario =>
        {
            var engine = scenario.Engine;
            var missing = scenario.PathOf("missing.txt");
            var there = scenario.Given("there.txt", "content");
            if (creates)
            {
                await using var created = await engine.OpenAsync(missing, mode);
                Assert.Equal(0, created.LengthAtOpen);
                await TryAsync(created, "", reads, writes);
            }
            else
            {
                await FileSystemSpec.ExpectAsync(
                    FailureReason.NotFound, missing, () => OpenAsync(engine, missing, mode));
                Assert.False(File.Exists(missing));
            }

            if (refuses)
            {
                await FileSystemSpec.ExpectAsync(
                    FailureReason.AlreadyExists, there, () => OpenAsync(engine, there, mode));
                Assert.Equal("content", scenario.ContentOf("there.txt"));
            }
            else
            {
                var left = truncates ? "" : "content";
                await using var opened = await engine.OpenAsync(there, mode);
                Assert.Equal(left.Length, opened.LengthAtOpen);
                await TryAsync(opened, left, reads, writes);
                Assert.Equal(writes ? left + "+" : left, scenario.ContentOf("there.txt"));
            }
        });

    [Fact]
    public void Those_that_write_and_those_that_read_are_told_apart() =>
        Assert.Equal(
            [
                (true, false), (false, true), (false, true), (false, true),
                (true, true), (true, true), (true, true), (true, true),
            ],
            Enum.GetValues<OpenMode>().Select(mode => (mode.CanRead(), mode.CanWrite())));

    private static async Task OpenAsync(FileEngine engine, string path, OpenMode mode) =>
        await (await engine.OpenAsync(path, mode)).DisposeAsync();

    private static async Task TryAsync(EngineFile file, string content, bool reads, bool writes)
    {
        var buffer = new byte[100];
        if (reads)
        {
            Assert.Equal(content, Text.Of(buffer.AsSpan(0, await file.ReadAsync(0, buffer))));
        }
        else
        {
            await FileSystemSpec.ExpectAsync(
                FailureReason.NotSupported, file.Path, async () => await file.ReadAsync(0, buffer));
        }

        if (writes)
        {
            await file.AppendAsync(Text.Bytes("+"));
        }
        else
        {
            await FileSystemSpec.ExpectAsync(
                FailureReason.NotSupported, file.Path, async () => await file.AppendAsync(Text.Bytes("+")));
        }
    }
}
