using System.Diagnostics;
using System.Runtime.Versioning;
using Actors.Engine.Drivers;
using Xunit;

namespace Actors.Engine.Tests.Drivers;

/// <summary>How waits end. A wait that is not ended hangs its thread, which fails the test at the deadline.</summary>
public sealed class DriverWaitTests
{
    public static TheoryData<string> Drivers => DriverFixtures.Names;

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void A_wake_up_before_the_wait_ends_it(string driver) => DriverRig.Run(driver, rig =>
    {
        for (var i = 0; i < 100; i++)
        {
            rig.Driver.Wake();
            rig.Driver.Wake();
            rig.Driver.Wait(-1);
        }
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void A_wait_ends_with_its_time(string driver) => DriverRig.Run(driver, rig =>
    {
        rig.Driver.Wait(0);
        rig.Driver.Wait(1);
        rig.Driver.Wait(20);
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void Every_wake_up_from_another_thread_arrives(string driver) => DriverRig.Run(driver, rig =>
    {
        const int Rounds = 20_000;
        var sent = 0;
        var seen = 0;
        var waker = new Thread(() =>
        {
            for (var i = 1; i <= Rounds; i++)
            {
                Volatile.Write(ref sent, i);
                rig.Driver.Wake();

                // Some wake-ups in a row, some awaited: before, during and after the wait that they end.
                SpinWait.SpinUntil(() => i % 3 == 0 || Volatile.Read(ref seen) >= i);
            }
        });
        waker.Start();
        while (seen < Rounds)
        {
            rig.Driver.Wait(-1);
            rig.Driver.Reap(rig);
            Volatile.Write(ref seen, Volatile.Read(ref sent));
        }

        waker.Join();
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void A_wake_up_ends_a_wait_with_operations_in_flight(string driver) => DriverRig.Run(driver, rig =>
    {
        Skip.If(rig.Fixture.Inline, "Performs everything at once: nothing is ever in flight.");
        var file = rig.NewFile("a");
        var sync = new IoOperation { Kind = IoKind.DataSync, File = file };
        Skip.If(HasShortSyncs(rig, sync), "A sync is too short here to be interrupted.");

        // The machine may be so busy that the sync is over first; not each time.
        var interrupted = 0;
        for (var attempt = 0; attempt < 20 && interrupted < 2; attempt++)
        {
            Dirty(rig, file);
            rig.Submit(sync);
            rig.Driver.Flush();
            interrupted += WaitIsEndedBy(rig, wakeUps: 3) ? 1 : 0;
            rig.AwaitAll();
        }

        Assert.True(interrupted > 0, "No wake-up ended a wait before the sync did.");
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void Nothing_is_missed_while_threads_go_to_sleep(string driver) => DriverRig.Run(driver, rig =>
    {
        // Single operations, up to 40 us apart: workers and shard are met awake, looking, about to sleep, and asleep.
        var file = rig.NewFile("a");
        var operation = rig.Transfer(IoKind.Write, file, 0, 8);
        var random = new Random(3);
        for (var i = 0; i < 30_000; i++)
        {
            var end = Stopwatch.GetTimestamp() + Stopwatch.Frequency * random.Next(40) / 1_000_000;
            while (Stopwatch.GetTimestamp() < end)
            {
            }

            rig.Submit(operation);
            rig.AwaitAll();
        }
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void A_completion_ends_a_wait(string driver) => DriverRig.Run(driver, rig =>
    {
        var file = rig.NewFile("a");
        for (var i = 0; i < 100; i++)
        {
            // AwaitAll waits without a limit: nothing but the completions can end it.
            rig.Submit(rig.Transfer(IoKind.Write, file, 0, 4096, i * 4096L));
            rig.Submit(new IoOperation { Kind = i % 2 == 0 ? IoKind.Sync : IoKind.DataSync, File = file });
            rig.Submit(rig.Transfer(IoKind.Read, file, 4096, 4096));
            rig.AwaitAll();
        }
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void A_wait_flushes_first(string driver) => DriverRig.Run(driver, rig =>
    {
        var file = rig.NewFile("a");
        rig.Submit(rig.Transfer(IoKind.Write, file, 0, 4096));
        while (rig.Completed < rig.Submitted)
        {
            rig.Driver.Wait(-1);
            rig.Driver.Reap(rig);
        }
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void A_wake_up_after_disposal_does_nothing(string driver)
    {
        var fixture = DriverFixtures.Get(driver);
        ShardThread.Run(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                var gone = fixture.Create(8);
                using var stop = new CancellationTokenSource();
                var waker = new Thread(() =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        gone.Wake();
                    }
                });
                waker.Start();
                gone.Wait(1);
                gone.Wait(1);
                gone.Dispose();

                if (OperatingSystem.IsLinux())
                {
                    AssertThatHeirsAreNotSignalled();
                }

                stop.Cancel();
                waker.Join();
            }
        });
    }

    /// <summary>One of ten is enough: a busy machine makes any of them long, and none short.</summary>
    private static bool HasShortSyncs(DriverRig rig, IoOperation sync) => Enumerable.Range(0, 10).Any(_ =>
    {
        Dirty(rig, sync.File!);
        var began = Stopwatch.GetTimestamp();
        rig.Perform(sync);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds < 5;
    });

    /// <summary>Makes a sync of the file take its time: 32 MiB to write.</summary>
    private static void Dirty(DriverRig rig, FileHandle file)
    {
        for (var i = 0; i < 32; i++)
        {
            rig.Submit(rig.Transfer(IoKind.Write, file, 0, 1 << 20, (long)i << 20));
        }

        rig.AwaitAll();
    }

    /// <returns>Whether all the wake-ups came before the completion of what is in flight.</returns>
    private static bool WaitIsEndedBy(DriverRig rig, int wakeUps)
    {
        var sent = 0;
        using var go = new SemaphoreSlim(0);
        var waker = new Thread(() =>
        {
            for (var i = 1; i <= wakeUps; i++)
            {
                go.Wait();
                Volatile.Write(ref sent, i);
                rig.Driver.Wake();
            }
        });
        waker.Start();
        var ended = true;
        for (var i = 1; i <= wakeUps; i++)
        {
            go.Release();
            rig.AwaitUntil(() => Volatile.Read(ref sent) == i);
            ended &= rig.Completed < rig.Submitted;
        }

        waker.Join();
        return ended;
    }

    /// <summary>New descriptors get the numbers of those that were closed just now.</summary>
    [SupportedOSPlatform("linux")]
    private static void AssertThatHeirsAreNotSignalled()
    {
        EventFd[] heirs = [new(), new(), new(), new()];
        foreach (var heir in heirs)
        {
            Assert.False(heir.Poll(1), "A wake-up went to somebody else's descriptor.");
            heir.Dispose();
        }
    }
}
