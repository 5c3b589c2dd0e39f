using System.CommandLine;
using Actors.Engine;
using Actors.Engine.Configuration;

namespace Actors.Reliability.Verbs;

/// <summary>Which backends a run is on: what this machine has, unless it is said.</summary>
internal static class BackendOption
{
    /// <summary>The option.</summary>
    public static Option<string?> Create() => new("--backend")
    {
        HelpName = "A,B",
        Description = $"Backends: auto, or of {string.Join(", ", BackendProbe.Names)}. Default: auto and every one "
            + "that this machine has.",
    };

    /// <summary>The backends that are meant.</summary>
    /// <exception cref="VerbUsageException">One of them is unknown, or this machine does not have it.</exception>
    public static IReadOnlyList<string> Resolve(string? value, string directory)
    {
        Directory.CreateDirectory(directory);
        var statuses = BackendProbe.Probe(EngineSettings.Create(EngineSettings.ReferenceConfig), directory);
        if (value is null)
        {
            return ["auto", .. statuses.Where(status => status.Available).Select(status => status.Name)];
        }

        var names = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names.Where(name => name != "auto"))
        {
            if (statuses.FirstOrDefault(status => status.Name == name) is not { Available: true } status)
            {
                var known = statuses.FirstOrDefault(status => status.Name == name);
                throw new VerbUsageException($"--backend {name}: {known?.Reason ?? "there is no such backend"}");
            }
        }

        return names.Length > 0 ? names : throw new VerbUsageException("--backend names none");
    }
}
