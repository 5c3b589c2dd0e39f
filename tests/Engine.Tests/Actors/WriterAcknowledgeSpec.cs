using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>How writes are answered: singly, or by one answer for a run of them.</summary>
public sealed class WriterAcknowledgeSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.InlineAndQueued), MemberType = typeof(Backends))]
    public Task Each_write_has_its_own_answer(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var producer = scenario.Probe("producer");
        var file = await scenario.OpenAsync(
            producer, "a.txt", OpenMode.Write, new OpenOptions { Acknowledge = AcknowledgeMode.Each });
        for (var i = 0; i < 50; i++)
        {
            file.Append(new string('x', i), i);
        }

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(new Written(1, i, i), await file.ExpectAsync<Written>());
        }

        await file.CloseAsync();
    });

    [Fact]
    public async Task One_answer_covers_a_run_of_writes()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await QueueUpAsync(scenario, driver, coalesce: true);
            driver.ReleaseAll();

            Assert.Equal(new Written(1, 0, 2), await file.ExpectAsync<Written>());
            Assert.Equal(new Written(9, 9, 18), await file.ExpectAsync<Written>());
            await file.CloseAsync();
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_does_not_wait_for_the_next_append_however_long_that_takes(bool busy)
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var other = await scenario.OpenAsync(scenario.Probe("other"), "other.txt", OpenMode.Write);
            var file = await QueueUpAsync(scenario, driver, coalesce: false);
            var turning = true;
            ShardWork turn = null!;
            turn = new ShardWork(() =>
            {
                if (Volatile.Read(ref turning))
                {
                    scenario.Engine.Shards[0].Loop.Execute(turn);
                }
            });
            if (busy)
            {
                turn.Execute();
            }

            driver.ReleaseOldest();
            Assert.Equal(new Written(1, 0, 2), await file.ExpectAsync<Written>());
            driver.ReleaseOldest();
            Assert.Equal(new Written(1, 1, 2), await file.ExpectAsync<Written>());
            Volatile.Write(ref turning, false);
            driver.ReleaseAll();
            await file.ExpectWrittenAsync(8);
            await file.CloseAsync();
            await other.CloseAsync();
        });
    }

    [Fact]
    public async Task An_answer_is_not_held_longer_than_a_quarter_of_the_credits()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(
            driver,
            async scenario =>
            {
                var file = await QueueUpAsync(scenario, driver, coalesce: false);
                driver.ReleaseAll();

                var answers = await file.ExpectWrittenAsync(10);
                Assert.All(answers, written => Assert.InRange(written.Count, 1, 4));
                Assert.Equal(9, answers[^1].LastToken);
                await file.CloseAsync();
            },
            "actors.engine.file { credit-messages = 16, queue-messages = 32 }");
    }

    [Fact]
    public async Task An_answer_covers_writes_of_one_sender_only()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var first = await QueueUpAsync(scenario, driver, coalesce: true);
            var second = first with { Client = scenario.Probe("second") };
            second.Append("second", 100);
            second.Append("second", 101);
            first.Append("first", 10);
            await scenario.SettleAsync(first);
            driver.ReleaseAll();

            var toFirst = await first.ExpectWrittenAsync(11);
            Assert.Equal(10, toFirst[^1].LastToken);
            Assert.Equal(new Written(2, 101, 12), await second.ExpectAsync<Written>());
            await first.CloseAsync();
        });
    }

    [Fact]
    public async Task Positional_writes_are_answered_singly_also_when_appends_are_not()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await QueueUpAsync(scenario, driver, coalesce: false);
            for (var i = 0; i < 5; i++)
            {
                file.WriteAt(1000 + (i * 10), "pos", 100 + i);
            }

            await scenario.SettleAsync(file);
            driver.ReleaseAll();

            var answers = await file.ExpectWrittenAsync(15);
            var positional = answers.Where(written => written.LastToken >= 100).ToArray();
            Assert.Equal([100L, 101, 102, 103, 104], positional.Select(written => written.LastToken).Order());
            Assert.All(positional, written => Assert.Equal(1, written.Count));
            await file.CloseAsync();
        });
    }

    [Fact]
    public async Task Held_answers_go_before_the_answer_of_a_sync()
    {
        var driver = new ScriptedDriver();
        await EngineScenario.RunAsync(driver, async scenario =>
        {
            var file = await QueueUpAsync(scenario, driver, coalesce: true);
            file.Tell(new Sync(SyncScope.Data, 77));
            await scenario.SettleAsync(file);
            driver.ReleaseAll();

            await file.ExpectWrittenAsync(10);
            Assert.Equal(new Synced(77, 20), await file.ExpectAsync<Synced>());
            await file.CloseAsync();
        });
    }

    /// <summary>Ten appends of two bytes, tokens 0 to 9: the first in the kernel, the others behind it.</summary>
    private static async Task<ClientFile> QueueUpAsync(EngineScenario scenario, ScriptedDriver driver, bool coalesce)
    {
        var producer = scenario.Probe("producer");
        var options = new OpenOptions { Acknowledge = AcknowledgeMode.Cumulative, Coalesce = coalesce };
        var file = await scenario.OpenAsync(producer, "a.txt", OpenMode.Write, options);
        driver.Script = _ => Play.Hold;
        file.Append("0\n", 0);
        await scenario.UntilAsync(() => driver.HeldCount == 1, "the first write in the kernel");
        for (var i = 1; i < 10; i++)
        {
            file.Append($"{i}\n", i);
        }

        await scenario.SettleAsync(file);
        return file;
    }
}
