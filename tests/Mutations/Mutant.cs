namespace Actors.Mutations;

/// <summary>One change of the sources.</summary>
/// <param name="Id">Its number in the switch.</param>
/// <param name="File">The source file, from the root of the tree.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Member">The member it is in.</param>
/// <param name="Original">What stands there, on one line.</param>
/// <param name="Mutated">What the mutant has instead.</param>
internal sealed record Mutant(
    int Id, string File, int Line, int Column, string Member, string Original, string Mutated)
{
    public override string ToString() => $"#{Id} {Path.GetFileName(File)}:{Line} {Original} -> {Mutated}";
}
