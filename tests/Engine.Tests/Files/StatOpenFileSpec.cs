using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Tests.Faults.Nth;
using Actors.Engine.Tests.Faults.Real;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>Questions about an open file are answered whatever the file system says, and whatever throws.</summary>
public sealed class StatOpenFileSpec
{
    /// <summary>File systems have years that a DateTime has not.</summary>
    [SkippableTheory]
    [InlineData("@300000000000", 9999)]
    [InlineData("@-300000000000", 1)]
    public Task A_time_that_cannot_be_told_is_told_as_the_nearest(string time, int year) =>
        EngineScenario.RunAsync(BackendNames.Auto, async scenario =>
        {
            using var directory = MemoryDirectory.Create();
            var path = Path.Combine(directory.Path, "a");
            File.WriteAllText(path, "x");
            await Tool.RunAsync(["touch", "-d", time, path]);
            await using var file = await scenario.Engine.OpenAsync(path, OpenMode.ReadWrite);
            var status = await file.StatAsync().WaitAsync(EngineScenario.Patience);
            Assert.Equal((year, 1), (status.LastWriteTimeUtc.Year, status.Length));
            Assert.Equal(year, (await scenario.Engine.StatAsync(path)).LastWriteTimeUtc.Year);
            await foreach (var entry in scenario.Engine.ListAsync(directory.Path))
            {
                Assert.Equal("a", entry.Name);
            }
        });

    /// <summary>A command whose handling throws is answered, and so is everything behind it.</summary>
    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public async Task Whatever_throws_every_command_is_answered(string backend)
    {
        var calls = new ThrowingFileCalls();
        await EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                foreach (var command in new FileCommand[] { new Sync(), new Allocate(0, 10), new StatFile(), new Close() })
                {
                    calls.Throws = false;
                    var client = scenario.Probe(command.GetType().Name);
                    var file = await scenario.OpenAsync(client, "a.txt", OpenMode.ReadWrite);
                    client.Watch(file.Ref);
                    calls.Throws = true;
                    file.Tell(command);
                    var failed = await file.ExpectFailureAsync(FailureReason.Unexpected, command);
                    Assert.IsType<InvalidTimeZoneException>(failed.Exception);
                    await client.ExpectTerminatedAsync(file.Ref);
                    await scenario.UntilNoFileIsOpenAsync();
                }
            },
            setups: new SystemCallsSetup(SystemCalls.Platform with { Files = calls }));
    }

    private sealed class ThrowingFileCalls : IFileCalls
    {
        private static readonly IFileCalls Inner = FileCalls.Platform;

        public bool Throws { get; set; }

        public int TryGetFacts(int file, out FileFacts facts) => Inner.TryGetFacts(file, out facts);

        public int TryStat(int file, out FileStatus? status) =>
            Throws ? throw new InvalidTimeZoneException() : Inner.TryStat(file, out status);

        public int TryGetLength(int file, out long length) =>
            Throws ? throw new InvalidTimeZoneException() : Inner.TryGetLength(file, out length);

        public bool CanTryBufferedWrites(int file) => Inner.CanTryBufferedWrites(file);

        public int MakeBlocking(int file, bool direct, ref bool appends) =>
            Inner.MakeBlocking(file, direct, ref appends);

        public int TryLock(int file) => Inner.TryLock(file);
    }
}
