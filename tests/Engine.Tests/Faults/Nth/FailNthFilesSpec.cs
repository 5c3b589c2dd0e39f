using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;
using Xunit.Sdk;

namespace Actors.Engine.Tests.Faults.Nth;

/// <summary>The same by the async face: what a call says is what is in the file, whichever operation failed.</summary>
public sealed class FailNthFilesSpec
{
    private static readonly int[] Errors = [0, Errno.EINTR, Errno.EAGAIN, Errno.EIO, Errno.ENOSPC];

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public async Task Each_operation_may_fail_and_every_task_ends_with_the_truth(string backend)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the operations of Linux");
        var plan = new FaultPlan();
        await EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                scenario.Faults.Expect(fault => fault is Akka.Event.Error);
                using var memory = MemoryDirectory.Create();
                var at = 1;
                for (var reached = true; reached; at++)
                {
                    foreach (var errno in Errors)
                    {
                        var place = at;
                        plan.Arm(at, kind => FaultOf(kind, errno, inline: place % 2 == 0));
                        await PlayAsync(scenario, plan, memory.Path, at);
                    }

                    reached = plan.Met is not null;
                }

                Assert.True(at > 20, $"a scenario of {at} operations");
            },
            "",
            new DriverSetup(_ => FailNthRound.Wrap(backend, plan)));
    }

    private static Fault? FaultOf(IoKind kind, int errno, bool inline) => errno switch
    {
        0 when kind is not (IoKind.Read or IoKind.Write) => null,
        Errno.EAGAIN when kind == IoKind.Close => null,
        _ => new Fault(errno, inline),
    };

    private static async Task PlayAsync(EngineScenario scenario, FaultPlan plan, string directory, int at)
    {
        AsyncCalls[] files =
        [
            new AsyncFile(scenario.Engine, Path.Combine(directory, "file")),
            new AsyncWriter(scenario.Engine, Path.Combine(directory, "writer")),
            new AsyncReader(scenario.Engine, Path.Combine(directory, "reader")),
            new AsyncStream(scenario.Engine, Path.Combine(directory, "stream"), OpenMode.Write, synchronous: false),
            new AsyncStream(scenario.Engine, Path.Combine(directory, "blocking"), OpenMode.Append, synchronous: true),
        ];
        try
        {
            await Task.WhenAll(files.Select(file => file.PlayAsync().WaitAsync(EngineScenario.Patience)));
            Check(plan.Hit, [.. files.SelectMany(file => file.Failures)]);
            await scenario.UntilAsync(
                () => plan.Opened == plan.Closed && scenario.Engine.Writers.IsEmpty, "files closed");
        }
        catch (Exception e)
        {
            throw new XunitException($"operation {at}, hit {plan.Hit}", e);
        }
    }

    private static void Check(Hit? hit, IReadOnlyList<FileEngineException> failures)
    {
        if (hit is null || hit.Fault.Errno is 0 or Errno.EINTR or Errno.EAGAIN)
        {
            Assert.Empty(failures);
            return;
        }

        var expected = hit.Kind is IoKind.Sync or IoKind.DataSync
            ? FailureReason.SyncFailed
            : CompletionDecision.ReasonOf(hit.Fault.Errno);

        // A reader's read ahead, which nobody asked for, is tried again when somebody does.
        Assert.True(failures.Count > 0 || hit.Kind == IoKind.Read);
        Assert.All(failures, failure => Assert.Equal((expected, hit.Fault.Errno), (failure.Reason, failure.Errno)));
    }
}
