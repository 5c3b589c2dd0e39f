using Actors.Engine.Drivers;
using Actors.Engine.Drivers.IoUring;
using Actors.Engine.Drivers.LinuxAio;
using Actors.Engine.Tests.Drivers;
using Actors.Engine.Tests.Faults.Nth;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Faults.Bindings;

/// <summary>Rings of the kernel's at their smallest: turned many times, and with more completions than they
/// hold.</summary>
public sealed class SmallRingTests
{
    public static TheoryData<string> Drivers => DriverFixtures.Names;

    [SkippableTheory]
    [MemberData(nameof(Drivers))]
    public unsafe void A_driver_of_one_place_turns_its_ring_many_times(string driver) => DriverRig.Run(
        driver,
        rig =>
        {
            var file = rig.NewFile("a");
            for (var i = 0; i < 1000; i++)
            {
                rig.Bytes(0, 8).Fill((byte)i);
                Assert.Equal(8, rig.Perform(rig.Transfer(IoKind.Write, file, 0, 8, i * 8L)));
            }

            Assert.Equal(8, rig.Perform(rig.Transfer(IoKind.Read, file, 64, 8, 999 * 8L)));
            Assert.Equal((byte)(999 & 0xff), rig.Bytes(64, 8)[7]);
        },
        depth: 1);

    [SkippableTheory]
    [MemberData(nameof(Drivers))]
    public unsafe void Batches_that_end_anywhere_in_the_ring_come_back_whole(string driver) => DriverRig.Run(
        driver,
        rig =>
        {
            var file = rig.NewFile("a");
            var offset = 0;
            for (var batch = 1; batch <= 60; batch++)
            {
                for (var i = 0; i < (batch % 5) + 1; i++, offset += 4)
                {
                    Assert.NotEqual(SubmitResult.Busy, rig.Submit(rig.Transfer(IoKind.Write, file, 0, 4, offset)));
                }

                rig.AwaitAll();
            }

            Assert.Equal(offset, new FileInfo(rig.PathOf("a")).Length);
        },
        depth: 5);

    [SkippableFact]
    public unsafe void More_completions_than_the_ring_holds_all_come_in_order()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "an interface of Linux");
        Backends.SkipUnlessAvailable(BackendNames.IoUring);
        ShardThread.Run(() =>
        {
            if (!OperatingSystem.IsLinux())
            {
                return;
            }

            using var ring = new Ring(4);
            const int Count = 100;
            for (ulong i = 0; i < Count; i++)
            {
                // A no-op completes as it is submitted; nothing is taken meanwhile.
                var entry = ring.NextSqe();
                Assert.True(entry != null);
                entry->UserData = i;
                Assert.Equal(1, ring.Submit());
            }

            Assert.True(ring.CompletionEntries < Count);
            ulong next = 0;
            while (next < Count)
            {
                Assert.True(ring.HasCompletions || ring.NeedsEnter, $"{next} of {Count} came");
                while (ring.TryTake(out var completion))
                {
                    Assert.Equal(next++, completion.UserData);
                }

                ring.ReleaseTaken();
                Assert.True(ring.Submit() >= 0);
            }
        });
    }

    [SkippableFact]
    public unsafe void Cancels_by_the_hundred_leave_one_completion_of_the_operation() => DriverRig.Run(
        BackendNames.IoUring,
        rig =>
        {
            var file = rig.NewFile("a");
            var operation = rig.Transfer(IoKind.Write, file, 0, 64);
            rig.Submit(operation);
            for (var i = 0; i < 200; i++)
            {
                // Each has a completion of its own, of which the ring of one operation holds two.
                rig.Driver.TryCancel(operation);
                rig.Driver.Flush();
            }

            rig.AwaitAll();
            Assert.True(operation.Result is 64 or -Errno.ECANCELED, $"{operation.Result}");
            Assert.Equal(64, rig.Perform(rig.Transfer(IoKind.Write, file, 0, 64)));
        },
        depth: 1);

    [SkippableTheory]
    [InlineData(BackendNames.IoUring)]
    [InlineData(BackendNames.LinuxAio)]
    [InlineData(BackendNames.ThreadPool)]
    public async Task An_engine_on_drivers_of_one_place_does_everything(string backend)
    {
        var plan = new FaultPlan();
        await EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var round = new FailNthRound(scenario, plan, scenario.Directory);
                await round.PlayAsync(0, _ => null);
            },
            "",
            new DriverSetup(_ => new FailNthDriver(DriverFixtures.Get(backend).Create(1), plan)));
    }

    [SkippableFact]
    public unsafe void A_context_of_aio_is_turned_many_times()
    {
        Backends.SkipUnlessAvailable(BackendNames.LinuxAio);
        DriverRig.Run("linux-aio", rig =>
        {
            var file = rig.NewFile("a");
            var operations = Enumerable.Range(0, 3).Select(i => rig.Transfer(IoKind.Write, file, i, 1, i)).ToArray();

            // The ring has room for some hundred; three at a time cross its end at every place.
            for (var i = 0; i < 2000; i++)
            {
                foreach (var operation in operations)
                {
                    Assert.Equal(SubmitResult.Queued, rig.Submit(operation));
                }

                rig.AwaitAll();
                Assert.All(operations, operation => Assert.Equal(1, operation.Result));
            }
        }, depth: 3);
    }
}
