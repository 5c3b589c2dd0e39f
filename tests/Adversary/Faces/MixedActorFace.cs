using Actors.Adversary.Model;
using Actors.Adversary.Playing;
using Actors.Engine;

namespace Actors.Adversary.Faces;

/// <summary>The same as <see cref="MixedFace"/> by the actors' protocol: within the credits or beyond them, and some
/// commands are taken back.</summary>
internal sealed class MixedActorFace(World world, EngineLife life) : ActorFace(world, life)
{
    private ContentModel _content = null!;

    protected override async Task RunAsync()
    {
        _content = World.TakeContent(Dice);
        for (var left = World.Plan.Steps; left > 0 && !Life.StopHasBegun; left--)
        {
            Begin();
            var box = new AnswerBox(Engine, what => World.Breach($"{Name} {Number}: {what}"));
            var opened = await AskAsync(
                box, Engine.Coordinator,
                new Open(_content.Path, OpenMode.ReadWrite, new OpenOptions { Coalesce = OneIn(3) ? OneIn(2) : null }));
            if (opened is Opened { Credits: var credits })
            {
                for (var steps = Dice.Next(1, 8); steps > 0 && left > 0 && !IsOver && !HasLeftSomething; steps--)
                {
                    left--;
                    await RunOnceAsync(box, OneIn(6) ? 3 * credits : credits);
                }

                await AskAsync(box, box.File, new Close());
            }

            if (HasLeftSomething)
            {
                World.AtEnd(new LooseContent(_content.Path).Compare);
                _content = World.TakeContent(Dice);
            }
        }

        World.GiveBack(_content);
    }

    private async Task RunOnceAsync(AnswerBox box, int credits)
    {
        var run = new MixedRun(_content, Dice, Data);
        var calls = new List<Task>();
        for (var count = Dice.Next(1, Math.Min(credits, 60) + 1); count > 0; count--)
        {
            var command = run.Next();
            var token = box.NextToken();
            calls.Add(NoteAsync(command, AskAsync(box, box.File, Message(command, token))));
            if (OneIn(12))
            {
                calls.Add(AskAsync(box, box.File, new Cancel(token)));
            }
        }

        await Task.WhenAll(calls);
        if (!HasLeftSomething)
        {
            run.Settle();
            World.Expect(_content.CompareWithDisk());
        }
    }

    private static FileCommand Message(MixedCommand command, long token) => command.Kind switch
    {
        MixedKind.Append => new Write(command.Data, Write.Append, token),
        MixedKind.Write => new Write(command.Data, command.Offset, token),
        _ => new Truncate(command.Offset, token),
    };

    private static async Task NoteAsync(MixedCommand command, Task<EngineEvent> answer)
    {
        var failed = await answer as CommandFailed;
        command.Tell(failed is null, failed?.BytesDone ?? 0, failed is { IsUnfinished: true });
    }
}
