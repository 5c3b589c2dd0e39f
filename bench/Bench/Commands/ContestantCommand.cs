using System.CommandLine;
using System.Diagnostics;
using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Groups;
using Actors.Engine;
using Actors.Host.Commands;

namespace Actors.Bench.Commands;

/// <summary>
/// The hidden command behind <see cref="WarmProcess"/>: warms one contestant up, says so with a line, and then answers
/// each line that comes with a measurement.
/// </summary>
internal static class ContestantCommand
{
    /// <summary>What the bench says to start a run.</summary>
    public const string Go = "go";

    private const string Name = "contestant";
    private const string Ready = "ready";

    // From the first call to the last, optimised code a method goes through up to three compilations, each a tenth of a
    // second after the last new one began: with less, rounds of a tenth of a second still measure the compiler.
    private const int WarmUps = 3;
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(4);

    private static readonly Argument<string> Contest = new("CONTEST");
    private static readonly Argument<string> Contestant = new("CONTESTANT");
    private static readonly Argument<string> Directory = new("DIRECTORY");
    private static readonly Option<bool> Quick = new("--quick");

    /// <summary>The command line that reaches it.</summary>
    public static IEnumerable<string> Arguments(string contest, string contestant, string directory, bool isBrief)
    {
        string[] arguments = [Name, contest, contestant, directory];
        return isBrief ? [.. arguments, Quick.Name] : arguments;
    }

    /// <summary>The command for the parser.</summary>
    public static Command Build()
    {
        var command = new Command(Name) { Contest, Contestant, Directory, Quick };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            var contestant = Find(
                parsed.GetValue(Contest)!, parsed.GetValue(Contestant)!, parsed.GetValue(Quick));
            await using var runner = contestant.CreateRunner();
            try
            {
                return await RunAsync(runner, parsed.GetValue(Directory)!);
            }
            catch (FileEngineConfigurationException e)
            {
                // A backend that this machine does not have.
                Console.Error.WriteLine(e.Message);
                return PeerMissingException.ExitCode;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(IWarmRunner runner, string directory)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < WarmUps || Stopwatch.GetElapsedTime(start) < WarmUpTime; i++)
        {
            await runner.RunAsync(directory);
        }

        Console.WriteLine(Ready);
        while (Console.ReadLine() == Go)
        {
            Console.WriteLine(MeasurementJson.Write(await runner.RunAsync(directory)));
        }

        return ExitCodes.Done;
    }

    private static WarmContestant Find(string contest, string contestant, bool isBrief) => Catalogue
        .Groups(new Scale(isBrief, 1))
        .SelectMany(g => g.Contests)
        .First(c => c.Name == contest)
        .Contestants.OfType<WarmContestant>()
        .First(c => c.Name == contestant);
}
