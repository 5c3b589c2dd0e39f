using System.Diagnostics;
using Actors.Engine.Configuration;
using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Configuration;
using Xunit;
using Xunit.Abstractions;

namespace Actors.Engine.Tests.Faults.Nth;

/// <summary>
/// One fault at a time, at every place where there can be one: the first operation of a scenario fails, then the
/// second, until the scenario ends before its turn comes; on every backend's own driver. With ACTORS_FULL=1 on a disk,
/// and with each error number that such an operation can give; otherwise in memory, where syncs take no time, with one
/// of them.
/// </summary>
public sealed class FailNthSpec(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("ACTORS_FULL") == "1";

    public static TheoryData<string> Drivers => [.. BackendProbe.Names, BackendNames.Auto];

    [SkippableTheory]
    [MemberData(nameof(Drivers))]
    public async Task Each_operation_may_fail_and_everybody_is_told_the_truth(string backend)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the operations of Linux");
        var plan = new FaultPlan();
        await EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                scenario.Faults.Expect(fault => fault is Akka.Event.Error);
                using var memory = Full ? null : MemoryDirectory.Create();
                var round = new FailNthRound(scenario, plan, memory?.Path ?? scenario.Directory);
                var watch = Stopwatch.StartNew();
                await round.PlayAsync(0, _ => null);
                var at = 0;
                while (await PlayAllAsync(round, plan, ++at))
                {
                }

                Assert.True(at > 30, $"a scenario of {at} operations");
                output.WriteLine($"{backend}: {round.Faults} faults in {round.Runs} runs of up to {at - 1} operations, "
                    + $"{watch.Elapsed.TotalSeconds:0.0} s");
            },
            "actors.engine.backend.sync-thread.threads-max = 8",
            new DriverSetup(_ => FailNthRound.Wrap(backend, plan)));
    }

    /// <summary>Every fault of the operation at one place.</summary>
    /// <returns>False when the scenario has no such place any more.</returns>
    private static async Task<bool> PlayAllAsync(FailNthRound round, FaultPlan plan, int at)
    {
        await round.PlayAsync(at, kind => kind is IoKind.Read or IoKind.Write ? new Fault(0, at % 2 == 0) : null);
        if (plan.Met is null)
        {
            return false;
        }

        foreach (var inline in new[] { false, true })
        {
            if (Full)
            {
                await PlayEachErrorAsync(round, plan, at, inline);
            }
            else
            {
                await round.PlayAsync(at, kind => OneOf(KernelErrors.Of(kind), at, inline));
                await round.PlayAsync(at, _ => OneOf(KernelErrors.Transient, at, inline));
            }
        }

        return true;
    }

    /// <summary>What comes at this place may differ from run to run; so many that the longest list is
    /// through.</summary>
    private static async Task PlayEachErrorAsync(FailNthRound round, FaultPlan plan, int at, bool inline)
    {
        foreach (var errno in KernelErrors.Transient)
        {
            await round.PlayAsync(at, _ => new Fault(errno, inline));
        }

        var length = 1;
        for (var i = 0; i < length; i++)
        {
            var index = i;
            await round.PlayAsync(at, kind => KernelErrors.Of(kind) is var all && index < all.Length
                ? new Fault(all[index], inline)
                : null);
            length = Math.Max(length, plan.Met is { } met ? KernelErrors.Of(met).Length : 0);
        }
    }

    private static Fault OneOf(int[] all, int at, bool inline) => new(all[(inline ? at : at + 1) % all.Length], inline);
}
