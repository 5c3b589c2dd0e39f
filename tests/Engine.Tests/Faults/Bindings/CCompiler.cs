using System.Globalization;
using System.Text;
using Actors.Engine.Tests.Faults.Real;
using Xunit;

namespace Actors.Engine.Tests.Faults.Bindings;

/// <summary>Asks the C compiler of the machine what constant expressions are, in the headers of the machine.</summary>
internal static class CCompiler
{
    /// <summary>The value of each expression; skips the test where there is no compiler or no header.</summary>
    /// <param name="headers">The top of the program.</param>
    /// <param name="expressions">Integers.</param>
    public static async Task<Dictionary<string, long>> ValuesAsync(string headers, IEnumerable<string> expressions)
    {
        var compiler = Tool.PathOf("cc") ?? Tool.PathOf("gcc");
        Skip.If(compiler is null || !OperatingSystem.IsLinux(), "needs a C compiler");
        var directory = Directory.CreateTempSubdirectory("actors-headers-");
        try
        {
            var source = Path.Combine(directory.FullName, "a.c");
            var program = Path.Combine(directory.FullName, "a.out");
            await File.WriteAllTextAsync(source, headers + "\nint x;");
            var there = await Tool.RunAsync([compiler!, "-fsyntax-only", source]);
            Skip.If(there.ExitCode != 0, $"a header is missing: {there.Output}");

            var body = expressions.Distinct().Aggregate(new StringBuilder(), (text, expression) => text.Append(
                CultureInfo.InvariantCulture, $"  printf(\"%lld {expression}\\n\", (long long)({expression}));\n"));
            await File.WriteAllTextAsync(source, $"{headers}\nint main(void) {{\n{body}  return 0;\n}}\n");
            await Tool.DoAsync(compiler!, "-o", program, source);
            var output = (await Tool.RunAsync([program])).Output;
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', 2))
                .ToDictionary(parts => parts[1], parts => long.Parse(parts[0], CultureInfo.InvariantCulture));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Whether the headers have a name at all.</summary>
    public static async Task<bool> KnowsAsync(string headers, string name)
    {
        var compiler = Tool.PathOf("cc") ?? Tool.PathOf("gcc");
        Skip.If(compiler is null, "needs a C compiler");
        var source = Path.GetTempFileName();
        await File.WriteAllTextAsync(source, $"{headers}\nlong x = {name};");
        var compiled = await Tool.RunAsync([compiler!, "-x", "c", "-fsyntax-only", source]);
        File.Delete(source);
        return compiled.ExitCode == 0;
    }
}
