using System.Text.Json;

namespace Actors.Host.Tests;

/// <summary>What a command line came to.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The standard output as the one JSON document that it must be.</summary>
    public JsonElement Json() => JsonDocument.Parse(Output).RootElement;

    public override string ToString() => $"exit {ExitCode}\n--- output\n{Output}\n--- error\n{Error}";
}
