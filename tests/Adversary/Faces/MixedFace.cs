using Actors.Adversary.Model;
using Actors.Adversary.Playing;
using Actors.Engine;

namespace Actors.Adversary.Faces;

/// <summary>An open file of its own that is appended to and written at positions, within it and beyond its end, with
/// nothing awaited before all is sent.</summary>
internal sealed class MixedFace(World world, EngineLife life) : Face(world, life)
{
    private ContentModel _content = null!;
    private bool _isOver;
    private bool _isUnfinished;

    protected override string Name => "EngineFile";

    protected override async Task RunAsync()
    {
        _content = World.TakeContent(Dice);
        for (var left = World.Plan.Steps; left > 0 && !Life.StopHasBegun; left--)
        {
            var options = new OpenOptions { Coalesce = OneIn(3) ? OneIn(2) : null };
            var opened = await CallAsync(
                "OpenAsync", token => Engine.OpenAsync(_content.Path, OpenMode.ReadWrite, options, token));
            (_isOver, _isUnfinished) = (false, opened.IsUnfinished);
            if (opened.Value is { } file)
            {
                for (var steps = Dice.Next(1, 8); steps > 0 && left > 0 && !_isOver && !_isUnfinished; steps--, left--)
                {
                    await RunOnceAsync(file);
                }

                var disposed = await CallAsync("DisposeAsync", _ => file.DisposeAsync(), cancels: false);
                _isUnfinished |= disposed.IsUnfinished;
            }

            if (_isUnfinished)
            {
                World.AtEnd(new LooseContent(_content.Path).Compare);
                _content = World.TakeContent(Dice);
            }
        }

        World.GiveBack(_content);
    }

    private async Task RunOnceAsync(EngineFile file)
    {
        var run = new MixedRun(_content, Dice, Data);
        var calls = new List<Task>();
        for (var count = Dice.Next(2, 40); count > 0; count--)
        {
            calls.Add(SendAsync(file, run.Next()));
        }

        await Task.WhenAll(calls);
        _isUnfinished |= run.IsUnfinished;
        if (!_isUnfinished)
        {
            run.Settle();
            World.Expect(_content.CompareWithDisk());
        }
    }

    private async Task SendAsync(EngineFile file, MixedCommand command)
    {
        var outcome = command.Kind switch
        {
            MixedKind.Append => await CallAsync(
                "AppendAsync", token => file.AppendAsync(command.Data, token), isLimited: true),
            MixedKind.Write => await CallAsync(
                "WriteAsync", token => file.WriteAsync(command.Offset, command.Data, token), isLimited: true),
            _ => await CallAsync(
                "TruncateAsync",
                async token =>
                {
                    await file.TruncateAsync(command.Offset, token);
                },
                isLimited: true),
        };
        command.Tell(outcome.IsDone, outcome.BytesDone, outcome.IsUnfinished);
        _isOver |= outcome.IsLast;
    }
}
