using Actors.Engine.Actors;
using Actors.Engine.Drivers;
using Akka.Actor;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Supervision;

/// <summary>A file actor that throws in the middle of a command, with everything under way that there can be.</summary>
public sealed class FileActorCrashSpec
{
    /// <summary>What a file actor is told when its own submission does not get in: a defect of the limits.</summary>
    private static readonly SubmitRefused Defect = new(null!, FailureReason.MailboxFull);

    [Fact]
    public async Task Everything_is_answered_and_given_back_once()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            scenario.Given("a.txt", new string('.', 101_000));
            var client = scenario.Probe("client");
            var neighbour = await scenario.OpenAsync(scenario.Probe("neighbour"), "n.txt", OpenMode.Write);
            var file = await scenario.OpenAsync(
                client, "a.txt", OpenMode.ReadWrite,
                new OpenOptions { Coalesce = true, Acknowledge = AcknowledgeMode.Cumulative });
            var inFlight = new FileCommand[]
            {
                new Write(Text.Bytes("positional"), 0, 1), new Write(Text.Pattern(100_000), 1000, 2),
                new Read(50, new byte[10], 3), new Write(Text.Bytes("append"), Write.Append, 4),
            };
            driver.Script = _ => Play.Hold;
            foreach (var command in inFlight)
            {
                file.Tell(command);
            }

            await scenario.UntilAsync(() => driver.HeldCount == 4, "all in the driver");
            var waiting = new FileCommand[]
            {
                new Write(Text.Bytes("waits"), Write.Append, 5), new Write(Text.Bytes("behind"), Write.Append, 6),
                new Sync(SyncScope.Data, 7), new Close(),
            };
            foreach (var command in waiting)
            {
                file.Tell(command);
            }

            await scenario.SettleAsync(file);
            client.Watch(file.Ref);
            file.Ref.Tell(Defect, ActorRefs.NoSender);
            var unanswered = inFlight.Concat(waiting).ToHashSet<EngineCommand>();
            while (unanswered.Count > 0)
            {
                var failed = await file.ExpectFailureAsync(FailureReason.Unexpected);
                Assert.True(unanswered.Remove(failed.Command), $"{failed.Command} answered twice");
                Assert.IsType<InvalidOperationException>(failed.Exception);
                Assert.Equal(0, failed.BytesDone);
                Assert.Equal(inFlight.Contains(failed.Command), failed.IsUnfinished);
            }

            await client.ExpectTerminatedAsync(file.Ref);
            await client.ExpectNoMsgAsync(TimeSpan.Zero);
            Assert.Equal(2, scenario.Engine.Shards[0].Buffers.Leased);
            Assert.Equal(2, scenario.Engine.Writers.Count);

            driver.ReleaseAll();
            neighbour.Append("unharmed");
            await neighbour.ExpectWrittenAsync(1);
            await scenario.UntilAsync(() => scenario.Engine.Writers.Count == 1, "the file closed");
            Assert.Equal(1, driver.Submitted.Count(kind => kind == IoKind.Close));
            Assert.Equal(0, scenario.Engine.Shards[0].Buffers.Leased);
            Assert.StartsWith("positional.", scenario.ContentOf("a.txt"), StringComparison.Ordinal);
            Assert.DoesNotContain("waits", scenario.ContentOf("a.txt"), StringComparison.Ordinal);
            var again = await scenario.OpenAsync(client, "a.txt", OpenMode.Append);
            again.Append("again");
            await again.ExpectWrittenAsync(1);
            await again.CloseAsync();
            await neighbour.CloseAsync();
        });
    }

    [Fact]
    public async Task Bytes_that_a_write_had_done_when_its_actor_crashed_are_told()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var client = scenario.Probe("client");
            var file = await scenario.OpenAsync(client, "a.txt", OpenMode.Write, new OpenOptions { Coalesce = true });
            driver.Script = operation => operation.Done == 0 ? Play.Perform : Play.Hold;
            driver.Result = operation => operation is { Kind: IoKind.Write, Done: 0 } ? 5 : null;
            file.Append("0123456789", 1);
            await scenario.UntilAsync(() => driver.HeldCount == 1, "the rest in the driver");
            file.Ref.Tell(Defect, ActorRefs.NoSender);
            var failed = await file.ExpectFailureAsync(FailureReason.Unexpected);
            Assert.Equal((5, true), (failed.BytesDone, failed.IsUnfinished));
            driver.ReleaseAll();
        });
    }
}
