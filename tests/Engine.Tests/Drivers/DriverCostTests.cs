using Actors.Engine.Drivers;
using Xunit;

namespace Actors.Engine.Tests.Drivers;

/// <summary>What operations may not cost: allocation and descriptors.</summary>
[Collection(nameof(ProcessWide))]
public sealed class DriverCostTests
{
    public static TheoryData<string> Drivers => DriverFixtures.Names;

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void Operations_allocate_nothing(string driver) => DriverRig.Run(driver, rig =>
    {
        var file = rig.NewFile("a");
        var operations = Enumerable.Range(0, 32)
            .Select(i => rig.Transfer(i % 2 == 0 ? IoKind.Write : IoKind.Read, file, i * 512, 512, i * 512L))
            .ToArray();
        operations[31].Kind = IoKind.Truncate;
        operations[31].Length = 32 * 512;

        // The first rounds compile the code, at both tiers, and set up what the runtime makes once per thread.
        var counter = new Counter();
        for (var warm = 0; warm < 5; warm++)
        {
            RunRounds(rig.Driver, operations, counter, 200);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        RunRounds(rig.Driver, operations, counter, 500);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void Drivers_leave_no_descriptor_behind(string driver)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Counted in /proc/self/fd.");
        var fixture = DriverFixtures.Get(driver);
        ShardThread.Run(() =>
        {
            UseOnce(fixture);
            var before = Descriptors();
            for (var i = 0; i < 20; i++)
            {
                UseOnce(fixture);
            }

            Assert.Equal(before, Descriptors());
        });
    }

    private static void RunRounds(IDriver driver, IoOperation[] operations, Counter counter, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            counter.Count = 0;
            foreach (var operation in operations)
            {
                counter.Count += driver.TrySubmit(operation) == SubmitResult.Completed ? 1 : 0;
            }

            driver.Flush();
            driver.Reap(counter);
            while (counter.Count < operations.Length)
            {
                driver.Wait(-1);
                driver.Reap(counter);
            }

            driver.Wake();
            driver.Wait(0);
        }
    }

    private static void UseOnce(DriverFixture fixture)
    {
        using var driver = fixture.Create(16);
        driver.Wake();
        driver.Wait(0);
        driver.Wait(1);
    }

    /// <summary>What a driver may hold: eventfds, rings, epolls. Not the runtime's files and sockets.</summary>
    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd")
        .Count(entry => new FileInfo(entry).LinkTarget?.StartsWith("anon_inode", StringComparison.Ordinal) ?? false);

    private sealed class Counter : ICompletionSink
    {
        public int Count { get; set; }

        public void Complete(IoOperation operation)
        {
            Count++;
            Assert.True(operation.Result >= 0);
        }
    }
}

/// <summary>Tests that count something of the whole process; nothing runs beside them.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public sealed class ProcessWide;
