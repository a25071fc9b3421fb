"""Posts that match what a person wishes in his own form. It holds no rows and shows nothing to anybody else."""
