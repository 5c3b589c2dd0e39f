using Actors.Adversary.Model;
using Actors.Adversary.Playing;
using Actors.Engine;

namespace Actors.Adversary.Faces;

/// <summary>A client by the actors' protocol: commands to a file's actor within its credits or beyond them, cancels,
/// barriers, closes and aborts; each has one answer.</summary>
internal sealed class ProtocolFace(World world, EngineLife life) : ActorFace(world, life)
{
    private int _sequence;

    protected override async Task RunAsync()
    {
        var log = World.NewLog();
        for (var left = World.Plan.Steps; left > 0 && !Life.StopHasBegun; left--)
        {
            var box = new AnswerBox(Engine, what => World.Breach($"{Name} {Number}: {what}"));
            var opened = await AskAsync(box, Engine.Coordinator, new Open(log.Path, OpenMode.ReadWrite));
            if (opened is not Opened { Credits: var credits, CreditBytes: var bytes })
            {
                log = opened is CommandFailed { Reason: FailureReason.AlreadyOpen } || IsUnfinished(opened)
                    ? World.NewLog()
                    : log;
                continue;
            }

            Begin();
            for (var steps = Dice.Next(1, 12); steps > 0 && left > 0 && !IsOver; steps--, left--)
            {
                await StepAsync(box, log, OneIn(6) ? 3 * credits : credits, bytes);
            }

            await AskAsync(box, box.File, OneIn(4) ? new Abort() : new Close());
            Dispose(box);
            log = HasLeftSomething ? World.NewLog() : log;
        }
    }

    private Task StepAsync(AnswerBox box, LogModel log, int credits, int bytes) => Dice.Next(8) switch
    {
        < 4 => WriteAsync(box, log, Dice.Next(1, Math.Min(credits, 60) + 1), bytes),
        4 => AskAsync(box, box.File, new Sync(SyncScope.Data, box.NextToken())),
        5 => ReadAsync(box, log),
        6 => DemandAsync(box),
        _ => AskAsync(box, box.File, new StatFile(box.NextToken())),
    };

    /// <summary>A run of appends, some of which are taken back.</summary>
    private async Task WriteAsync(AnswerBox box, LogModel log, int count, int bytes)
    {
        var calls = new List<Task>();
        for (var sum = 0; count > 0; count--)
        {
            var line = log.Begin(Number, _sequence++, Dice.Next(Stamp.LengthMin, 4000), World.Step());
            sum += line.Length;
            if (sum > bytes && !OneIn(20))
            {
                line.Settle(0);
                break;
            }

            var write = new Write(line.Bytes, Write.Append, box.NextToken());
            calls.Add(NoteAsync(line, AskAsync(box, box.File, write)));
            if (OneIn(8))
            {
                calls.Add(AskAsync(box, box.File, new Cancel(write.Token)));
            }
        }

        await Task.WhenAll(calls);
    }

    private static async Task NoteAsync(Line line, Task<EngineEvent> answer)
    {
        switch (await answer)
        {
            case CommandFailed { IsUnfinished: true } failed:
                line.LeaveUnfinished(failed.BytesDone);
                break;
            case CommandFailed failed:
                line.Settle(failed.BytesDone);
                break;
            default:
                line.Settle(line.Length);
                break;
        }
    }

    private async Task ReadAsync(AnswerBox box, LogModel log)
    {
        var memory = new byte[Dice.Next(1, 20_000)];
        if (await AskAsync(box, box.File, new Read(Dice.Next(1000), memory, box.NextToken())) is DataRead read)
        {
            CheckBytes(log, read.Data.Span);
        }
    }

    private async Task DemandAsync(AnswerBox box)
    {
        var unit = OneIn(2) ? DemandUnit.Chunks : DemandUnit.Lines;
        var answer = await AskAsync(box, box.File, new Demand(Dice.Next(1, 4), unit, box.NextToken()));
        if (answer is DemandMet met && box.Batches.Count < met.Count)
        {
            World.Breach($"{Name} {Number}: {met} with {box.Batches.Count} batches");
        }

        Dispose(box);
    }

    private void CheckBytes(LogModel log, ReadOnlySpan<byte> bytes)
    {
        var wrong = bytes.IndexOfAnyExcept(Stamp.Alphabet);
        if (wrong >= 0)
        {
            World.Breach($"{log.Path}: read {Stamp.Show(bytes[wrong..])}");
        }
    }

    private static void Dispose(AnswerBox box)
    {
        while (box.Batches.TryDequeue(out var batch))
        {
            batch.Dispose();
        }
    }
}
