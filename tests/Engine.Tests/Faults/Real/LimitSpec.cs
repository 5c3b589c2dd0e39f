using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Faults.Real;

/// <summary>Limits of the process: each is an answer, nobody waits for ever, and with room again the work goes
/// on.</summary>
public sealed class LimitSpec
{
    private static IEnumerable<string> AllAndAuto => [.. BackendProbe.Names, BackendNames.Auto];

    [SkippableFact]
    public Task A_file_beyond_RLIMIT_FSIZE_is_too_large() => RunAsync(FileSizeAsync);

    [SkippableFact]
    public Task Opens_without_a_descriptor_left_are_refused_and_later_ones_served() => RunAsync(DescriptorsAsync);

    [SkippableFact]
    public Task A_thread_of_a_file_that_cannot_start_is_the_answer_to_the_open() => RunAsync(LateShardAsync);

    [SkippableFact]
    public Task No_lockable_memory_is_needed() => RunAsync(LockedMemoryAsync);

    public static async Task FileSizeAsync(string[] _)
    {
        const int Limit = 100_000;
        using var limit = ResourceLimits.Lower(ResourceLimits.FileSize, Limit);
        await Child.ForEachAsync(AllAndAuto, backend => EngineScenario.RunAsync(backend, async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a.bin", OpenMode.ReadWrite);
            file.Tell(new Write(Text.Pattern(60_000), Write.Append, 1));
            await file.ExpectWrittenAsync(1);
            foreach (var fits in new[] { Limit - 60_000, 0 })
            {
                file.Tell(new Write(Text.Pattern(60_000), Write.Append, 2));
                var failed = await file.ExpectFailureAsync(FailureReason.FileTooLarge);
                Assert.Equal((fits, Errno.EFBIG), (failed.BytesDone, failed.Errno));
            }

            file.Tell(new Truncate(Limit + 1));
            await file.ExpectFailureAsync(FailureReason.FileTooLarge);
            file.Tell(new Truncate(10));
            await file.ExpectAsync<Truncated>();
            file.Append("more");
            await file.ExpectWrittenAsync(1);
            Assert.Equal(14, (await file.CloseAsync()).Length);

            await using var engineFile = await scenario.Engine.OpenAsync(scenario.PathOf("b.bin"), OpenMode.Write);
            var thrown = await Assert.ThrowsAsync<FileEngineException>(
                () => engineFile.WriteAsync(Limit - 3, Text.Pattern(10)).AsTask());
            Assert.Equal((FailureReason.FileTooLarge, 3), (thrown.Reason, thrown.BytesDone));
        }));
    }

    public static Task DescriptorsAsync(string[] _) => Child.ForEachAsync(
        AllAndAuto,
        backend => EngineScenario.RunAsync(backend, async scenario =>
        {
            var first = await WarmUpAsync(scenario);
            var refused = Enumerable.Range(0, 3).Select(i => scenario.Probe($"refused-{i}")).ToArray();
            using (ResourceLimits.LeaveDescriptors(0))
            {
                foreach (var client in refused)
                {
                    var open = new Open(scenario.PathOf("refused"), OpenMode.Write, new OpenOptions { Shard = 0 });
                    scenario.Engine.Coordinator.Tell(open, client);
                }

                // The runtime needs descriptors for threads of its pool; none is asked for one here.
                SpinWait.SpinUntil(() => refused.All(client => client.HasMessages), EngineScenario.Patience);
            }

            foreach (var client in refused)
            {
                var failed = await client.ExpectMsgAsync<CommandFailed>();
                Assert.Equal((FailureReason.TooManyOpenFiles, Errno.EMFILE), (failed.Reason, failed.Errno));
            }

            first.Append("goes on");
            await first.ExpectWrittenAsync(1);
            var second = await scenario.OpenAsync(
                scenario.Probe("second"), "2", OpenMode.Write, new OpenOptions { Shard = 0 });
            await second.CloseAsync();
            await first.CloseAsync();
        }));

    public static Task LateShardAsync(string[] _) => EngineScenario.RunAsync(
        BackendNames.SyncThread,
        async scenario =>
        {
            var first = await WarmUpAsync(scenario);
            ClientFile? second = null;
            for (var spare = 0; second is null; spare++)
            {
                // On a thread that does not run yet: there is none to be had, or none of the descriptors that it needs.
                var client = scenario.Probe($"second-{spare}");
                using (ResourceLimits.LeaveDescriptors(spare))
                {
                    scenario.Engine.Coordinator.Tell(new Open(scenario.PathOf("second"), OpenMode.Write), client);
                    SpinWait.SpinUntil(() => client.HasMessages, EngineScenario.Patience);
                }

                var answer = await client.ExpectMsgAsync<EngineEvent>();
                second = answer is Opened opened ? new ClientFile(client.LastSender, client, opened) : null;
                Assert.NotEqual(0, second is null ? -1 : spare);
                if (answer is CommandFailed failed)
                {
                    Assert.True(failed.Reason == FailureReason.TooManyOpenFiles, $"{failed.Cause} {failed.Exception}");
                    Assert.Contains("could not be started", failed.Cause, StringComparison.Ordinal);
                    Assert.Equal(1, (await scenario.CollectAsync()).OpenFiles);
                }
            }

            Assert.NotEqual(first.Opened.Shard, second.Opened.Shard);
            second.Append("written");
            await second.ExpectWrittenAsync(1);
            await second.CloseAsync();
            await first.CloseAsync();
        });

    public static async Task LockedMemoryAsync(string[] _)
    {
        using var limit = ResourceLimits.Lower(ResourceLimits.LockedMemory, 0);
        await Child.ForEachAsync(AllAndAuto, backend => EngineScenario.RunAsync(backend, async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("client"), "a", OpenMode.Write);
            file.Append("written");
            await file.ExpectWrittenAsync(1);
            await file.CloseAsync();
        }));
    }

    /// <summary>The runtime starts the threads, and loads the code, that a refusal needs while there are
    /// descriptors for it.</summary>
    private static async Task<ClientFile> WarmUpAsync(EngineScenario scenario)
    {
        using var together = new Barrier(Environment.ProcessorCount + 2);
        ThreadPool.SetMinThreads(together.ParticipantCount, together.ParticipantCount);
        await Task.WhenAll(Enumerable.Range(0, together.ParticipantCount).Select(
            _ => Task.Run(() => together.SignalAndWait(EngineScenario.Patience))));
        var options = new OpenOptions { Shard = 0 };
        await scenario.FailToOpenAsync(scenario.Probe("warm-up"), "missing", OpenMode.Read, options);
        return await scenario.OpenAsync(scenario.Probe("client"), "first", OpenMode.Write, options);
    }

    private static async Task RunAsync(Func<string[], Task> body)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "limits of Linux");
        await Child.RunAsync(body, []);
    }
}
