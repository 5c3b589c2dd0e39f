using Actors.Bench.Contests;
using Actors.Bench.Tools;

namespace Actors.Bench.Contestants;

/// <summary>A peer that is a process for each round, measures itself and prints a <see cref="Measurement"/>.</summary>
/// <param name="name">Unique within the contest.</param>
/// <param name="work">What is to be done.</param>
/// <param name="program">Finds or makes the program, with the arguments that come before the directory.</param>
/// <param name="arguments">Those after the directory.</param>
internal sealed class CommandContestant(
    string name, IWork work, Func<Toolbox, Task<string[]>> program, params int[] arguments)
    : Contestant(name, false, work)
{
    public override async Task<IEntry> EnterAsync(Entrance entrance, CancellationToken cancellation)
    {
        var command = await program(entrance.Toolbox);
        return new Entry(command[0], [.. command[1..], entrance.Directory, .. arguments.Select(a => a.ToString())]);
    }

    private sealed class Entry(string program, string[] arguments) : IEntry
    {
        public async Task<Measurement> RunAsync(CancellationToken cancellation)
        {
            var command = await Command.RunAsync(program, arguments, cancellation);
            return command.ExitCode switch
            {
                0 => MeasurementJson.Read(command.Output),
                PeerMissingException.ExitCode => throw new PeerMissingException(command.LastError),
                _ => throw new ContestantException($"exit code {command.ExitCode}: {command.LastError}"),
            };
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
