using Actors.Adversary.Model;
using Actors.Adversary.Playing;

namespace Actors.Adversary.Faces;

/// <summary>No client: the other process, at the logs that clients append to. Where there is none, nobody.</summary>
internal sealed class NeighbourFace(World world, EngineLife life) : Face(world, life)
{
    private int _sequence;

    protected override string Name => "neighbour";

    protected override async Task RunAsync()
    {
        for (var left = World.Plan.Steps; left > 0 && !Life.StopHasBegun && World.Neighbour is not null; left--)
        {
            World.Step();
            if (World.AnyLog(Dice) is { } log)
            {
                await StepAsync(log);
            }
            else
            {
                await Task.Yield();
            }
        }
    }

    private Task StepAsync(LogModel log) => Dice.Next(20) switch
    {
        < 15 => AppendAsync(log),
        < 17 => TruncateAsync(log),
        _ => MoveAsync(log),
    };

    private async Task AppendAsync(LogModel log)
    {
        var line = log.Begin(Number, _sequence++, Length(), World.Step());
        line.Settle(await DoAsync("append", log.Path, $"{line.Client}", $"{line.Sequence}", $"{line.Length}")
            ? line.Length
            : 0);
    }

    /// <summary>As logrotate's copytruncate does.</summary>
    private async Task TruncateAsync(LogModel log)
    {
        await DoAsync("truncate", log.Path, "0");
        log.LoseBegunBefore(World.Step());
    }

    /// <summary>Those who have it open go on writing to it, by its new name.</summary>
    private async Task MoveAsync(LogModel log)
    {
        var newPath = World.NewPath("moved");
        log.Moved(newPath);
        await DoAsync("rename", log.Path, newPath);
    }

    private async Task<bool> DoAsync(params string[] words)
    {
        World.Tally.Count("neighbours", words[0]);
        return await World.Neighbour!.DoAsync(words);
    }
}
