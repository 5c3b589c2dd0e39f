namespace Actors.Host.Logging;

/// <summary>Whether defects are shown with their stack trace: when ACTORS_TRACE is 1 in the environment.</summary>
internal static class Tracing
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "ACTORS_TRACE";

    /// <summary>True when traces are wanted.</summary>
    public static bool IsOn => Environment.GetEnvironmentVariable(Variable) == "1";
}
