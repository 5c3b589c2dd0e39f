using Actors.Adversary.Model;
using Actors.Adversary.Playing;
using Actors.Engine;

namespace Actors.Adversary.Faces;

/// <summary>Thousands of small appends to one file, none of them awaited before all are sent, whatever becomes of the
/// engine or the file meanwhile.</summary>
internal sealed class FloodFace(World world, EngineLife life) : Face(world, life)
{
    /// <summary>Appends between two looks at the engine.</summary>
    private const int Turn = 64;

    /// <summary>Calls of the kernel in a flood, about.</summary>
    private const int KernelCallsMax = 8000;

    /// <summary>Appends of a flood on a disk that takes its time, and calls of the kernel.</summary>
    private const int SlowMax = 10_000, SlowKernelCallsMax = 1000;

    private int _sequence;

    protected override string Name => "EngineFile";

    protected override async Task RunAsync()
    {
        for (var left = Dice.Next(1, 3); left > 0 && !Life.StopHasBegun; left--)
        {
            var log = World.NewLog();
            var coalesces = !OneIn(World.Plan.OperationTimeout is null ? 4 : 2);
            var options = new OpenOptions { Durability = Durability.None, Coalesce = coalesces };
            var opened = await CallAsync(
                "OpenAsync", token => Engine.OpenAsync(log.Path, OpenMode.Append, options, token),
                [FailureReason.AlreadyOpen]);
            if (opened.Value is { } file)
            {
                await FloodAsync(log, file, Count(coalesces));
            }
        }
    }

    /// <summary>Mostly some thousands; more than a stack has room for in now and then.</summary>
    private int Count(bool coalesces)
    {
        var count = Dice.Next(1000, 2500) << Dice.Next(6);
        var together = coalesces ? Math.Min(World.Plan.CreditMessages ?? 256, 256) : 1;
        var most = World.Plan.Faults is { Slow: 0, Stuck: 0 }
            ? KernelCallsMax * together
            : Math.Min(SlowMax, SlowKernelCallsMax * together);
        return Math.Min(count, most);
    }

    private async Task FloodAsync(LogModel log, EngineFile file, int count)
    {
        var disposesEarly = OneIn(3);
        var lines = new Line[count];
        var calls = new Task[count];
        var disposing = default(ValueTask);
        using (var pending = Life.Calls.Begin($"{Name}.AppendAsync, {count} of them", mayBlock: true))
        {
            pending.Enter();
            for (var i = 0; i < count; i++)
            {
                lines[i] = log.Begin(
                    Number, _sequence++, Dice.Next(Stamp.LengthMin, 40), i % Turn == 0 ? World.Step() : World.Now);
                calls[i] = file.AppendAsync(lines[i].Bytes).AsTask();
                if (disposesEarly && i == count / 2)
                {
                    disposing = file.DisposeAsync();
                }
            }

            pending.Leave();
            await Task.WhenAll(calls).ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        for (var i = 0; i < count; i++)
        {
            Note(lines[i], calls[i], disposesEarly);
        }

        var disposed = await CallAsync(
            "DisposeAsync", _ => disposesEarly ? disposing : file.DisposeAsync(), cancels: false);
        World.Tally.Count("floods", disposed.IsDone ? "to the end" : disposed.Name);
    }

    private void Note(Line line, Task call, bool disposedEarly)
    {
        var outcome = new Outcome<bool>(call.IsCompletedSuccessfully, call.Exception?.InnerException);
        Judge("AppendAsync", outcome, [], false, Life.StopHasBegun || disposedEarly);
        if (outcome.IsUnfinished)
        {
            line.LeaveUnfinished(outcome.BytesDone);
        }
        else
        {
            line.Settle(outcome.IsDone ? line.Length : outcome.BytesDone);
        }
    }
}
