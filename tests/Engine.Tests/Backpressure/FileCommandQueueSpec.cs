using System.Runtime.CompilerServices;
using Actors.Engine.Actors;
using Actors.Engine.Backpressure;
using Actors.Engine.Tests.Scenario;
using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using Akka.TestKit.Xunit2;
using Xunit;

namespace Actors.Engine.Tests.Backpressure;

/// <summary>The bounded queue alone: what gets in, what is refused and how, and that nothing is stranded.</summary>
public sealed class FileCommandQueueSpec : TestKit
{
    private readonly EngineCounters _counters = new();
    private readonly AnswerLog _file;

    public FileCommandQueueSpec()
        : base("akka { loglevel = WARNING, loggers = [], stdout-loglevel = OFF }") =>
        _file = new AnswerLog(Sys, "file");

    [Fact]
    public void A_full_queue_answers_at_once_on_the_senders_thread()
    {
        var queue = new FileCommandQueue(2, 1000, _counters);
        var sender = new AnswerLog(Sys, "sender");
        var commands = Enumerable.Range(0, 3).Select(i => new Write(default, Write.Append, i)).ToArray();
        foreach (var command in commands)
        {
            queue.Enqueue(_file, new Envelope(command, sender));
        }

        var failed = sender.Of<CommandFailed>().Single();
        Assert.Same(commands[2], failed.Command);
        Assert.Equal(FailureReason.MailboxFull, failed.Reason);
        Assert.Contains("queue-messages", failed.Cause, StringComparison.Ordinal);
        Assert.Equal((2, 2, 1), (queue.Count, queue.UnansweredMessages, _counters.Refused));
    }

    [Fact]
    public void What_was_taken_out_but_not_answered_still_counts()
    {
        var queue = new FileCommandQueue(1, 1000, _counters);
        var sender = new AnswerLog(Sys, "sender");
        queue.Enqueue(_file, new Envelope(new Sync(), sender));
        Assert.True(queue.TryDequeue(out _));
        queue.Enqueue(_file, new Envelope(new Sync(), sender));
        Assert.Single(sender.Answers);
        queue.Answered(1, 0);
        queue.Enqueue(_file, new Envelope(new Sync(), sender));
        Assert.Single(sender.Answers);
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void What_was_taken_out_is_forgotten()
    {
        var queue = new FileCommandQueue(100, 100_000, _counters);
        var data = Pass(queue);
        GC.Collect();
        Assert.All(data, one => Assert.False(one.IsAlive));
        GC.KeepAlive(queue);
    }

    // Not in the test, whose locals may live to its end.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<WeakReference> Pass(FileCommandQueue queue)
    {
        var data = new List<WeakReference>();
        for (var i = 0; i < 20; i++)
        {
            var bytes = new byte[1000];
            data.Add(new WeakReference(bytes));
            queue.Enqueue(_file, new Envelope(new Write(bytes), ActorRefs.NoSender));
            Assert.NotNull(queue.Peek());
        }

        for (var i = 0; i < 10; i++)
        {
            queue.TakePeeked();
            Assert.True(queue.TryDequeue(out _));
            _ = queue.Peek();
        }

        Assert.False(queue.HasMessages);
        return data;
    }

    [Fact]
    public void Bytes_are_bounded_too()
    {
        var queue = new FileCommandQueue(100, 10, _counters);
        var sender = new AnswerLog(Sys, "sender");
        queue.Enqueue(_file, new Envelope(new Write(new byte[6]), sender));
        queue.Enqueue(_file, new Envelope(new Write(new byte[5]), sender));
        Assert.Equal(FailureReason.MailboxFull, sender.Of<CommandFailed>().Single().Reason);
        Assert.Equal((1, 6), (queue.UnansweredMessages, queue.UnansweredBytes));
        queue.Enqueue(_file, new Envelope(new Read(0, new byte[4]), sender));
        Assert.Equal((2, 10), (queue.UnansweredMessages, queue.UnansweredBytes));
        queue.Answered(2, 10);
        Assert.Equal((0, 0), (queue.UnansweredMessages, queue.UnansweredBytes));
    }

    [Fact]
    public void A_command_larger_than_the_limit_gets_in_alone()
    {
        var queue = new FileCommandQueue(100, 10, _counters);
        var sender = new AnswerLog(Sys, "sender");
        queue.Enqueue(_file, new Envelope(new Write(new byte[1000]), sender));
        Assert.Empty(sender.Answers);
        queue.Enqueue(_file, new Envelope(new Write(new byte[1]), sender));
        Assert.Single(sender.Answers);
        queue.Answered(1, 1000);
        queue.Enqueue(_file, new Envelope(new Write(new byte[1]), sender));
        queue.Enqueue(_file, new Envelope(new Write(new byte[1000]), sender));
        Assert.Equal(2, sender.Answers.Count);
    }

    [Fact]
    public void What_is_not_a_clients_command_passes_a_full_queue()
    {
        var queue = new FileCommandQueue(1, 1000, _counters);
        var sender = new AnswerLog(Sys, "sender");
        queue.Enqueue(_file, new Envelope(new Sync(), sender));
        var passing = new object[]
        {
            PoisonPill.Instance, Kill.Instance, IoCompleted.Instance, DrainFile.Instance, DrainExpired.Instance,
            new Identify(1), new Terminated(_file, true, true), new ReceiveTimeoutNotice(),
        };
        foreach (var message in passing)
        {
            queue.Enqueue(_file, new Envelope(message, sender));
        }

        Assert.Empty(sender.Answers);
        Assert.True(queue.TryDequeue(out _));
        foreach (var message in passing)
        {
            Assert.True(queue.TryDequeue(out var envelope));
            Assert.Same(message, envelope.Message);
        }

        Assert.False(queue.HasMessages);
    }

    [Fact]
    public void A_closed_queue_answers_closing_to_what_is_in_it_and_to_what_still_comes()
    {
        var queue = new FileCommandQueue(10, 1000, _counters);
        var sender = new AnswerLog(Sys, "sender");
        var letters = new UnboundedMessageQueue();
        queue.Enqueue(_file, new Envelope(new Sync(), sender));
        queue.Enqueue(_file, new Envelope("not a command", sender));
        queue.CleanUp(_file, letters);
        queue.Enqueue(_file, new Envelope(new Close(), sender));

        Assert.Equal(
            [FailureReason.Closing, FailureReason.Closing], sender.Of<CommandFailed>().Select(failed => failed.Reason));
        Assert.Equal(1, letters.Count);
        Assert.False(queue.HasMessages);
    }

    [Fact]
    public async Task Senders_that_race_the_closing_get_exactly_one_answer_to_each_command()
    {
        for (var round = 0; round < 200; round++)
        {
            var queue = new FileCommandQueue(1000, 1 << 20, _counters);
            var senders = Enumerable.Range(0, 2).Select(i => new AnswerLog(Sys, $"sender-{i}")).ToArray();
            using var start = new Barrier(3);
            var threads = senders.Select(sender => Task.Run(() =>
            {
                start.SignalAndWait();
                for (var i = 0; i < 100; i++)
                {
                    queue.Enqueue(_file, new Envelope(new Write(default, Write.Append, i), sender));
                }
            })).ToArray();
            start.SignalAndWait();
            var taken = 0;
            for (var spin = 0; spin < round * 3; spin++)
            {
                if (queue.TryDequeue(out var envelope))
                {
                    taken++;
                    envelope.Sender.Tell(new Written(1, 0, 0), _file);
                }
            }

            queue.CleanUp(_file, new UnboundedMessageQueue());
            await Task.WhenAll(threads);
            Assert.All(senders, sender => Assert.Equal(100, sender.Answers.Count));
            Assert.Equal(taken, senders.Sum(sender => sender.Of<Written>().Count()));
        }
    }

    [Fact]
    public async Task However_many_threads_send_no_more_than_the_limit_gets_in()
    {
        var queue = new FileCommandQueue(50, 1 << 20, _counters);
        var sender = new AnswerLog(Sys, "sender");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                queue.Enqueue(_file, new Envelope(new Sync(), sender));
            }
        })));

        Assert.Equal((50, 50), (queue.Count, queue.UnansweredMessages));
        Assert.Equal((3950, 3950), (sender.Answers.Count, _counters.Refused));
    }

    [Fact]
    public async Task A_command_that_is_refused_takes_no_room_from_one_that_fits()
    {
        var queue = new FileCommandQueue(100, 100, _counters);
        var modest = new AnswerLog(Sys, "modest");

        // There is always one command in the queue, so that the large one never fits, and the small one always does.
        queue.Enqueue(_file, new Envelope(new Sync(), modest));
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var large = new Envelope(new Write(new byte[1000]), ActorRefs.Nobody);
        var refusing = Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    queue.Enqueue(_file, large);
                    started.TrySetResult();
                }
            },
            TaskCreationOptions.LongRunning);
        await started.Task;
        var small = new Envelope(new Write(new byte[1]), modest);
        for (var i = 0; i < 1_000_000; i++)
        {
            queue.Enqueue(_file, small);
            if (queue.TryDequeue(out _))
            {
                queue.Answered(1, 1);
            }
        }

        await stop.CancelAsync();
        await refusing;
        Assert.Empty(modest.Answers);
        Assert.True(_counters.Refused > 0);
    }

    private sealed class ReceiveTimeoutNotice;
}
