namespace Actors.Adversary.Neighbours;

/// <summary>How to run this assembly as a program.</summary>
internal static class ThisProgram
{
    public static string DotNet =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    public static IReadOnlyList<string> Arguments => ["exec", typeof(ThisProgram).Assembly.Location];
}
