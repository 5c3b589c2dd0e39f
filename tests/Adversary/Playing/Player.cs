using System.Diagnostics;
using System.Globalization;
using Actors.Adversary.Neighbours;
using Actors.Adversary.Plan;
using Actors.Adversary.Report;
using Actors.Engine;
using Actors.Engine.Configuration;

namespace Actors.Adversary.Playing;

/// <summary>Plays seeds one after the other, and tells of each on a line.</summary>
internal static class Player
{
    /// <summary>The hidden command of the entry point; after it the first seed, how many, and a backend or
    /// <c>-</c>.</summary>
    public const string Command = "play";

    /// <summary>The backends of this machine.</summary>
    public static IReadOnlyList<string> Available { get; } =
    [
        "auto",
        .. BackendProbe.Probe(EngineSettings.Create(EngineSettings.ReferenceConfig), Path.GetTempPath())
            .Where(status => status.Available)
            .Select(status => status.Name),
    ];

    /// <returns>0 when everything held, 1 otherwise.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var first = int.Parse(args[0], CultureInfo.InvariantCulture);
        var count = int.Parse(args[1], CultureInfo.InvariantCulture);
        var backend = args[2] == "-" ? null : args[2];
        ThreadPool.SetMinThreads(64, 16);
        await using var neighbour = Neighbour.Begin();
        var tally = new Tally();
        var failed = 0;
        var isWanted = true;
        _ = Task.Run(() =>
        {
            // The end of the input: whoever reads what is told wants no more.
            Console.In.ReadToEnd();
            isWanted = false;
        });
        for (var seed = first; seed < first + count && Volatile.Read(ref isWanted); seed++)
        {
            var plan = ProgramPlan.Of(seed, Available, backend);
            Say(output, $"begin\t{seed}\t{plan}");
            var startedAt = Stopwatch.GetTimestamp();
            var breaches = await AdversaryProgram.PlayAsync(plan, neighbour, tally);
            foreach (var breach in breaches)
            {
                Say(output, $"breach\t{seed}\t{breach.ReplaceLineEndings(" ")}");
            }

            failed += breaches.Count > 0 ? 1 : 0;
            Say(output, $"end\t{seed}\t{Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds:0}");
        }

        foreach (var line in tally.ToLines())
        {
            output.WriteLine(line);
        }

        output.Flush();
        return failed > 0 ? 1 : 0;
    }

    private static void Say(TextWriter output, string line)
    {
        output.WriteLine(line);
        output.Flush();
    }
}
