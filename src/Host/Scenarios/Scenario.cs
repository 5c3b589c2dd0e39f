using Actors.Engine.Configuration;
using Actors.Host.Commands;
using Akka.Configuration;

namespace Actors.Host.Scenarios;

/// <summary>A scenario, loaded and checked.</summary>
/// <param name="File">The file, as the user named it.</param>
/// <param name="Settings">Its <c>scenario</c> section.</param>
/// <param name="Engine">The engine's settings, the scenario's over the defaults.</param>
/// <param name="Configuration">The whole document, for the actor system.</param>
/// <param name="FileNames">The files of each backend.</param>
internal sealed record Scenario(
    string File,
    ScenarioSettings Settings,
    EngineSettings Engine,
    Config Configuration,
    FileNameRule FileNames)
{
    /// <summary>The scenario's directory, absolute.</summary>
    public string Directory => UserPath.Absolute("scenario.directory", Settings.Directory);
}
