namespace Actors.Host.Scenarios;

/// <summary>The scenarios that travel beside the binary.</summary>
internal static class ShippedScenarios
{
    /// <summary>Where they are.</summary>
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "hocon");

    /// <summary>The one that runs when none is named.</summary>
    public static string Default => Path.Combine(Directory, "seed.conf");

    /// <summary>All of them, by path.</summary>
    public static IReadOnlyList<string> Paths() => System.IO.Directory.Exists(Directory)
        ? [.. System.IO.Directory.GetFiles(Directory, "*.conf").Order(StringComparer.Ordinal)]
        : [];
}
