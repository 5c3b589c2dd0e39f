using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Xunit;

namespace Actors.Engine.Tests.Backpressure;

/// <summary>The mailbox of a real file: credits are enough, more is refused, what is not a command passes.</summary>
public sealed class CommandMailboxSpec
{
    private const string Small =
        "actors.engine.file { queue-messages = 8, credit-messages = 8, queue-bytes = 1000, credit-bytes = 1000 }";

    [Fact]
    public async Task A_producer_that_ignores_its_credits_is_refused_and_not_buffered()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                var file = await scenario.OpenAsync(
                    scenario.Probe("producer"), "a.txt", OpenMode.Write, new OpenOptions { Coalesce = false });
                driver.Script = _ => Play.Hold;
                for (var i = 0; i < 10_000; i++)
                {
                    file.Append("x", i);
                }

                for (var i = 8; i < 10_000; i++)
                {
                    var failed = await file.ExpectFailureAsync(FailureReason.MailboxFull);
                    Assert.Equal(i, ((Write)failed.Command).Token);
                }

                driver.ReleaseAll();
                Assert.Equal(7, (await file.ExpectWrittenAsync(8))[^1].LastToken);
                Assert.Equal(9992, (await scenario.CollectAsync()).MailboxRefused);
                await file.CloseAsync();
                Assert.Equal(8, new FileInfo(file.Opened.Path).Length);
            },
            Small);
    }

    [Fact]
    public async Task Completions_poison_pills_and_notices_of_death_pass_while_it_is_full()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                var client = scenario.Probe("client");
                var file = await scenario.OpenAsync(
                    client, "a.txt", OpenMode.Write,
                    new OpenOptions { Coalesce = false, Acknowledge = AcknowledgeMode.Each });
                driver.Script = _ => Play.Hold;
                for (var i = 0; i < 9; i++)
                {
                    file.Append("x", i);
                }

                await file.ExpectFailureAsync(FailureReason.MailboxFull);

                // A completion gets in, and makes room for one.
                await scenario.UntilAsync(() => driver.HeldCount == 1, "the first write in the kernel");
                driver.ReleaseOldest();
                await file.ExpectWrittenAsync(1);
                file.Append("x", 9);
                file.Append("x", 10);
                Assert.Equal(10, ((Write)(await file.ExpectFailureAsync(FailureReason.MailboxFull)).Command).Token);

                file.Ref.Tell(PoisonPill.Instance);
                client.Watch(file.Ref);
                for (var i = 0; i < 8; i++)
                {
                    await file.ExpectFailureAsync(FailureReason.Closing);
                }

                await client.ExpectTerminatedAsync(file.Ref);
                driver.ReleaseAll();
            },
            Small);
    }

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_command_larger_than_the_limit_is_performed_when_it_is_alone(string backend) =>
        EngineScenario.RunAsync(
            backend,
            async scenario =>
            {
                var large = Text.Pattern(50_000);
                var file = await scenario.OpenAsync(scenario.Probe("producer"), "a.bin", OpenMode.Write);
                for (var i = 0; i < 5; i++)
                {
                    file.Tell(new Write(large));
                    await file.ExpectWrittenAsync(1);
                }

                await file.CloseAsync();
                Assert.Equal(250_000, new FileInfo(file.Opened.Path).Length);
            },
            Small);

    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task A_producer_that_keeps_to_its_credits_is_never_refused(string backend) => EngineScenario.RunAsync(
        backend,
        async scenario =>
        {
            var file = await scenario.OpenAsync(scenario.Probe("producer"), "a.txt", OpenMode.Write);
            var sent = 0;
            for (var credits = file.Opened.Credits; sent < 2000;)
            {
                while (credits > 0 && sent < 2000)
                {
                    file.Append("0123456789", sent++);
                    credits--;
                }

                credits += (await file.ExpectAsync<Written>()).Count;
                if (sent == 2000)
                {
                    await file.ExpectWrittenAsync(file.Opened.Credits - credits);
                }
            }

            var metrics = await scenario.CollectAsync();
            Assert.Equal(0, metrics.MailboxRefused);
            Assert.InRange(metrics.MailboxHighWater, 1, file.Opened.Credits);
            await file.CloseAsync();
            Assert.Equal(20_000, new FileInfo(file.Opened.Path).Length);
        },
        Small);
}
