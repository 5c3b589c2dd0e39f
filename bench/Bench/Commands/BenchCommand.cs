using System.CommandLine;
using System.CommandLine.Help;
using Actors.Bench.Contests;
using Actors.Bench.Groups;
using Actors.Host.Commands;
using Actors.Host.Logging;
using Actors.Host.Running;
using Actors.Host.Terminal;

namespace Actors.Bench.Commands;

/// <summary>The command line of the bench; what goes wrong becomes a message and an exit code, as in the console.
/// </summary>
internal sealed class BenchCommand
{
    /// <summary>The file that is run.</summary>
    public const string Program = "Actors.Bench.dll";

    private readonly Option<string[]> _group = new("--group")
    {
        HelpName = "NAME",
        Description = "Runs this group only; may be repeated. See --list.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _contestant = new("--contestant")
    {
        HelpName = "GLOB",
        Description = "Runs these contestants only, such as \"ours*\"; the one that ratios are against always runs.",
    };

    private readonly Option<string?> _before = new("--before")
    {
        HelpName = "DIR",
        Description =
            "Runs ours of another build too, each behind this build's, and compares the two: the folder of its "
            + "Actors.Bench.dll, in a clone of another commit.",
    };

    private readonly Option<bool> _quick = new("--quick")
    {
        Description = "Small work, few rounds: shows that it works. The figures are not to be quoted.",
    };

    private readonly Option<int?> _rounds = new("--rounds")
    {
        HelpName = "N",
        Description =
            $"How often everyone does everything. Default: {Scale.RoundsDefault}; brief: {Scale.RoundsBrief}.",
    };

    private readonly Option<string> _directory = new("--directory")
    {
        HelpName = "DIR",
        Description = "Where all the contestants' files go. Default: out/bench.",
        DefaultValueFactory = _ => Path.Combine("out", "bench"),
    };

    private readonly Option<string> _output = new("--output")
    {
        HelpName = "DIR",
        Description = "Where the report goes, as Markdown and JSON. Default: bench/results.",
        DefaultValueFactory = _ => Path.Combine("bench", "results"),
    };

    private readonly Option<bool> _list = new("--list") { Description = "Lists groups and contestants, runs nothing." };

    private readonly Consoles _consoles;
    private readonly Interruption _interruption;
    private readonly Command _root;

    public BenchCommand(Consoles consoles, Interruption interruption)
    {
        _consoles = consoles;
        _interruption = interruption;
        // Not a RootCommand, which would be called by the assembly's name.
        _root = new Command("bench", "Runs this engine and its peers on the same work, in turn, and compares them.")
        {
            _group, _contestant, _before, _quick, _rounds, _directory, _output, _list,
            ContestantCommand.Build(),
            new HelpOption(),
        };
        _root.SetAction((parsed, _) => RunAsync(parsed));
    }

    /// <summary>Runs a command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var parsed = _root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                _consoles.Error.WriteLine(error.Message);
            }

            _consoles.Error.WriteLine("See --help");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = _consoles.Output,
                Error = _consoles.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (UsageException e)
        {
            _consoles.Error.WriteLine(e.Message);
            return ExitCodes.Usage;
        }
        catch (OperationCanceledException) when (_interruption.IsRequested)
        {
            return _interruption.ExitCode;
        }
        catch (Exception e)
        {
            _consoles.Error.WriteLine(Tracing.IsOn ? e : $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.Failed;
        }
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var isBrief = parsed.GetValue(_quick);
        var rounds = parsed.GetValue(_rounds) ?? (isBrief ? Scale.RoundsBrief : Scale.RoundsDefault);
        if (rounds is < 1 or > 1000)
        {
            throw new UsageException($"--rounds {rounds}: must be 1 to 1000.");
        }

        var scale = new Scale(isBrief, rounds);
        var groups = Select(Catalogue.Groups(scale), parsed.GetValue(_group) ?? [], parsed.GetValue(_contestant));
        if (parsed.GetValue(_before) is { } before)
        {
            var build = EarlierBuild(before);
            groups = [.. groups.Select(g => g.With(build))];
        }

        if (parsed.GetValue(_list))
        {
            List(groups);
            return ExitCodes.Done;
        }

        var run = new BenchRun(
            _consoles,
            scale,
            PreparedDirectory("--directory", parsed.GetValue(_directory)!),
            PreparedDirectory("--output", parsed.GetValue(_output)!));
        return await run.RunAsync(groups, _interruption.Token) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static IReadOnlyList<Group> Select(IReadOnlyList<Group> groups, string[] names, string? glob)
    {
        if (names.FirstOrDefault(n => groups.All(g => g.Name != n)) is { } unknown)
        {
            throw new UsageException(
                $"--group {unknown}: there is no such group. Legal: {string.Join(", ", groups.Select(g => g.Name))}.");
        }

        var chosen = groups.Where(g => names.Length == 0 || names.Contains(g.Name));
        return glob is null ? [.. chosen] : [.. chosen.Select(g => g.Only(glob))];
    }

    private static string EarlierBuild(string directory)
    {
        var build = Path.GetFullPath(directory);
        return File.Exists(Path.Combine(build, Program))
            ? build
            : throw new UsageException(
                $"--before {directory}: there is no {Program}. Build bench/Bench in the other clone, and name the folder "
                + "that it goes to, such as bench/Bench/bin/Release/net10.0.");
    }

    private static string PreparedDirectory(string option, string directory)
    {
        try
        {
            return Directory.CreateDirectory(directory).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{option} {directory}: {e.Message} Name a directory that may be written.", e);
        }
    }

    private void List(IEnumerable<Group> groups)
    {
        foreach (var group in groups)
        {
            _consoles.Output.WriteLine($"{group.Name}: {group.Summary}");
            foreach (var contest in group.Contests)
            {
                _consoles.Output.WriteLine($"  {contest.Name}: {contest.Summary}");
                foreach (var contestant in contest.Contestants)
                {
                    _consoles.Output.WriteLine($"    {contestant.Name}");
                }
            }
        }
    }
}
